"""The service mounted in a Flask application of somebody else's, under a gunicorn of its own settings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.alerts import alert as an_alert
from support.github_stand_in import Fault, GitHubStandIn
from support.ledger_doors import Ledger
from support.sentry_events import body_of
from support.service import ROOT, Service, eventually

from booty.observability.alerts.filters import Verdict

HOST = """
import os
from flask import Flask, jsonify
from booty.observability.config import Settings
from booty.observability.wiring import init_app

app = Flask("shop")
if os.environ.get("HEALTH") == "first":
    app.add_url_rule("/health", view_func=lambda: jsonify(shop="well"), endpoint="health")
if os.environ.get("LOGS") == "first":
    import logging
    logging.basicConfig(level=logging.INFO, format="shop's own: %(message)s")
init_app(app, Settings.load(os.environ), health=os.environ.get("HEALTH") != "none")
if os.environ.get("HEALTH") == "last":
    app.add_url_rule("/health/", view_func=lambda: jsonify(shop="well"), endpoint="health")
"""
PRELOAD = [pytest.param((), id="each worker loads it"), pytest.param(("--preload",), id="loaded before the fork")]


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def hosted(tmp_path: Path, github: GitHubStandIn) -> Callable[..., Service]:
    """Return what makes a gunicorn with two workers that knows nothing of this service but its host's module."""
    (tmp_path / "host.py").write_text(HOST)
    (tmp_path / "gunicorn.conf.py").touch()

    def make(*arguments: str, module: str = "host:app", **environ: str) -> Service:
        own = ("-c", str(tmp_path / "gunicorn.conf.py"), "--no-control-socket", "--threads", "4", "--workers", "2")
        given = {**github.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}", **environ}
        return Service(tmp_path / "state", given, arguments=(*own, *arguments, module))

    return make


def alert(issue: str) -> bytes:
    return body_of({"action": "triggered", "data": {"event": {"issue_id": issue, "level": "error"}}})


def leave(state: Path) -> None:
    """Leave an acknowledged alert behind, as a process that was killed."""
    Ledger(state, keep_seconds=1.0).claims.claim(
        an_alert(fingerprint="1:1"), lambda _: Verdict.ACCEPTED, now=time.time()
    )


@pytest.mark.parametrize("preload", PRELOAD)
def test_what_an_earlier_process_left_is_filed_without_another_alert(
    hosted: Callable[..., Service], github: GitHubStandIn, tmp_path: Path, preload: tuple[str, ...]
) -> None:
    leave(tmp_path / "state")

    with hosted(*preload, HEALTH="first") as service:
        is_filed = eventually(lambda: len(github.issues) == 1)
        assert service.process is not None
        parent = Path(f"/proc/{service.process.pid}")
        open_in_parent = [str(link.readlink()) for link in (parent / "fd").iterdir() if link.is_symlink()]
        threads_of_parent = len(list((parent / "task").iterdir()))

    assert is_filed
    assert [name for name in open_in_parent if name.startswith(f"{tmp_path}/state/")] == []
    assert threads_of_parent == 1
    assert [event["event"] for event in service.log_lines()].count("issue_filed") == 1


def test_the_service_itself_under_a_server_without_its_hooks_starts_and_logs_as_in_a_host(
    hosted: Callable[..., Service], github: GitHubStandIn, tmp_path: Path
) -> None:
    leave(tmp_path / "state")

    with hosted(module="booty.wsgi:create_app()") as service:
        assert eventually(lambda: len(github.issues) == 1)

    assert len(service.events("issue_filed")) == 1


@pytest.mark.parametrize("preload", PRELOAD)
def test_an_alert_survives_an_outage_and_a_kill_of_every_process_and_is_filed_once(
    hosted: Callable[..., Service], github: GitHubStandIn, preload: tuple[str, ...]
) -> None:
    github.fail(Fault(status=429, headers={"Retry-After": "3"}), times=1)
    service = hosted(*preload)
    service.start()
    assert service.post(alert("7")).status == 202
    assert eventually(lambda: len(github.posts()) == 1)
    service.kill()

    with service:
        assert eventually(lambda: len(github.issues) == 1)
        code = service.stop()

    assert code == 0
    assert len(github.issues) == 1


@pytest.mark.parametrize("preload", PRELOAD)
def test_a_worker_that_was_killed_is_replaced_by_one_that_delivers(
    hosted: Callable[..., Service], github: GitHubStandIn, tmp_path: Path, preload: tuple[str, ...]
) -> None:
    with hosted(*preload, "--workers", "1") as service:
        (worker,) = service.workers()
        service.kill_worker(worker)
        assert eventually(lambda: service.workers() not in ([], [worker]))
        leave(tmp_path / "state")

        assert eventually(lambda: len(github.issues) == 1)


def test_its_lines_are_shown_where_the_host_shows_none(hosted: Callable[..., Service]) -> None:
    odd = {"OBSV_FOLOW": "1", "OBSV_MIN_SEVERITY_CRON": "info", "SENTRY_RELEASE": "booty@1"}
    with hosted("--preload", **odd) as service:
        service.post(alert("7"))

    told = ("repository", "mode", "threshold", "threshold_cron", "cooldown_hours", "release")
    (started,) = service.events("started")
    shown = {name: started[name] for name in told}
    assert shown == {
        "repository": "acme/shop",
        "mode": "live",
        "threshold": "error",
        "threshold_cron": "info",
        "cooldown_hours": 6.0,
        "release": "booty@1",
    }
    assert service.events("setting_unknown")[0]["nearest"] == "OBSV_FOLLOW"
    assert service.events("alert_accepted")[0]["fingerprint"] == "unknown:7"


def test_its_lines_are_the_hosts_business_where_the_host_has_set_its_log_up(hosted: Callable[..., Service]) -> None:
    with hosted(LOGS="first") as service:
        service.post(alert("7"))

    lines = service.log.read_text().splitlines()
    assert "shop's own: alert_accepted" in lines
    assert service.log_lines() == []


@pytest.mark.parametrize("when", ["first", "last"])
def test_the_hosts_own_health_answers_and_the_log_says_so(hosted: Callable[..., Service], when: str) -> None:
    with hosted(HEALTH=when) as service:
        answers = [service.get("/health/" if when == "last" else "/health") for _ in range(3)]
        is_told = eventually(lambda: len(service.events("health_left_to_host")) == 2)

    assert answers == [(200, {"shop": "well"})] * 3
    assert is_told


def test_health_is_ours_where_the_host_has_none(hosted: Callable[..., Service]) -> None:
    with hosted() as service:
        assert service.get("/health").content["status"] == "ok"
