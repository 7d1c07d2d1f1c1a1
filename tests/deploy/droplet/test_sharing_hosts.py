"""A droplet that shares its ledger with others: what a balancer that asks `/health` meets in deploys and at its end."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator

import pytest
from support.older_release import FIRST_SHARED
from support.throwaway.database import begin_database
from support.throwaway.droplet import Droplet, made, until
from support.throwaway.real_service import ALERT, SECRET, SECRETS, THROUGH_NGINX, issues
from support.throwaway.repository import Repository

from booty.observability.webhook.draining import SECONDS

QUESTIONS = (("http://127.0.0.1:80", "/health"), ("unix:/run/booty.sock", "/health"))
BY_ADDRESS = "10.0.0.7"
"""What a balancer calls the droplet."""
TO_NOTICE = 15.0  # seconds: a question every five, and the third failure counts (docs/scaling.md)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, clone: Repository) -> Iterator[Droplet]:
    """Make a droplet whose ledger is a database; the last release that it ran is an earlier one's code."""
    droplet = made(name=f"booty-shared-{os.getpid()}", folder=tmp_path_factory.mktemp("keys"))
    try:
        url = begin_database(droplet)
        assert droplet.deploy_sh(clone, "setup", SERVER_NAME="localhost").code == 0
        droplet.inside("sh", "-c", "rm -f /etc/nginx/sites-enabled/default && systemctl reload nginx")
        droplet.write("/etc/booty/secrets.env", SECRETS)
        droplet.write("/etc/credstore/booty.BOOTY_LEDGER_URL", url)
        today = clone.git("rev-parse", "HEAD")
        for tree in (FIRST_SHARED, today):
            clone.commit_tree_of(tree)
            deployed = droplet.deploy_sh(clone, "deploy")
            assert deployed.code == 0, deployed.output
        yield droplet
    finally:
        droplet.destroy()


def is_gone(host: Droplet) -> bool:
    return subprocess.run(host.box("inside", "true"), capture_output=True, check=False).returncode != 0


def socket_state(host: Droplet) -> str:
    """Return what systemd says of it; "listening" until a caller comes: one that it stops then is refused by itself."""
    return host.inside("systemctl", "show", "--property=SubState", "--value", "booty.socket").strip()


def health(host: Droplet) -> str:
    """Return the status of its answer."""
    ask = ("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", "/run/booty.sock", "http://x/health")
    return host.inside(*ask, check=False)


def test_releases_take_turns_on_one_database_and_no_balancer_is_told_to_leave(host: Droplet, clone: Repository) -> None:
    old, new = clone.git("rev-parse", "HEAD^"), host.current()

    with (
        host.load(THROUGH_NGINX, ALERT=ALERT, SECRET=SECRET, PAUSE="2") as alerts,
        host.load(*QUESTIONS, METHOD="GET", PAUSE="0.25", HOST=BY_ADDRESS) as questions,
    ):
        for words in (["rollback"], ["deploy"], ["restart"]):
            done = host.deploy_sh(clone, *words)
            assert done.code == 0, done.output

    assert (questions.failed, alerts.failed) == ([], [])
    assert questions.releases == sorted(f"booty@{sha}" for sha in (old, new))
    assert alerts.slowest < 1.0
    assert alerts.releases == ["accepted"]
    until(lambda: len(issues(host)) >= alerts.sent, within=60.0)
    assert len(issues(host)) == alerts.sent


@pytest.mark.parametrize("signal", ["KILL", "TERM"])
def test_a_host_that_is_killed_or_asked_twice_while_it_drains_stops_at_once_and_serves_again(
    host: Droplet, signal: str
) -> None:
    unit = f"booty@{host.current()}.service"
    host.inside("systemctl", "stop", "--no-block", unit)
    until(lambda: health(host) == "503")

    host.inside("systemctl", "kill", "--kill-who=main", f"--signal={signal}", unit)

    until(lambda: health(host) == "200")
    assert host.settled(host.current())


def test_a_host_that_is_switched_off_tells_its_balancer_first_and_takes_alerts_until_that_has_noticed(
    host: Droplet,
) -> None:
    before = health(host)
    with host.load(THROUGH_NGINX, origin="beside", ALERT=ALERT, SECRET=SECRET, PAUSE="0.1") as alerts:
        until(lambda: socket_state(host) == "running")
        began = time.monotonic()
        host.inside("systemctl", "poweroff")
        until(lambda: health(host) == "503")
        with (
            host.load(QUESTIONS[0], origin="beside", METHOD="GET", PAUSE="1", HOST=BY_ADDRESS) as questions,
            pytest.raises(AssertionError, match="waited in vain"),
        ):
            until(lambda: is_gone(host), within=began + TO_NOTICE - time.monotonic())

    assert before == "200"
    assert alerts.failed == []
    assert alerts.slowest < 1.0
    assert (set(questions.failed), questions.releases) == ({"status 503"}, [])
    until(lambda: is_gone(host), within=began + SECONDS + 10.0 - time.monotonic())
    host.boot()
    until(lambda: health(host) == "200")
