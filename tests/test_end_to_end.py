"""The whole service, as Sentry and GitHub meet it: a real gunicorn, recorded bodies, a GitHub that fails.

Bytes go in at the door; what GitHub has in the end is asserted.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from support.damage import overwrite_with_noise
from support.fault_stories import ONE_WORKER, Ending, Stories, alert, filed, findings, fingerprint, is_all_filed
from support.github_stand_in import REPOSITORY, GitHubStandIn, Json
from support.sentry_events import PAYLOADS, RELEASE, body_of, capture, delivered
from support.service import PATIENCE, Service, eventually

from booty.observability.sentry.signature import sign


@pytest.fixture(scope="module", autouse=True)
def stories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stories]:
    """Begin all stories with the first test, so that they are over by the time they are asked for."""
    stories = Stories(tmp_path_factory.mktemp("stories"))
    yield stories
    stories.close()


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def service(github: GitHubStandIn, tmp_path: Path) -> Iterator[Service]:
    with Service(tmp_path / "state", github.environ) as running:
        yield running


def labels(issue: Json) -> list[str]:
    return [label["name"] for label in issue["labels"]]


def cancel_order() -> None:
    orders: dict[str, str] = {}
    try:
        orders.pop("42")
    except KeyError as error:
        raise PermissionError("order 42 is closed") from error


def test_a_real_event_becomes_an_issue_that_names_what_broke_where_and_in_which_release(
    service: Service, github: GitHubStandIn
) -> None:
    event = capture(cancel_order)
    answer = service.post(body_of(delivered(event, issue="7", project=42)))

    assert (answer.status, answer.content) == (202, {"status": "accepted", "fingerprint": "42:7"})
    assert is_all_filed(service)
    (issue,) = github.issues
    line = event["exception"]["values"][-1]["stacktrace"]["frames"][-1]["lineno"]
    assert issue["title"].startswith("[error] PermissionError in ")
    assert issue["title"].endswith(f"test_end_to_end.py:{line}")
    assert labels(issue) == ["agent:builder", "severity:error"]
    assert f"`{RELEASE}`" in issue["body"]
    assert "KeyError: '42'" in issue["body"]
    assert 'raise PermissionError("order 42 is closed") from error' in issue["body"]


ALERTS = sorted(path for path in PAYLOADS.glob("*.json") if path.name.startswith(("event_alert.", "error.")))


def raised_in(event: Json) -> list[str]:
    """Return the type of the exception that was raised: Sentry lists it last."""
    values = [value for value in (event.get("exception") or {}).get("values") or [] if value]
    return [str(value["type"]) for value in values[-1:] if value.get("type")]


def test_each_recorded_alert_becomes_one_issue_with_its_level_exception_and_release(
    github: GitHubStandIn, tmp_path: Path
) -> None:
    names: list[str] = []
    with Service(tmp_path / "state", {**github.environ, "OBSV_MIN_SEVERITY": "debug"}) as service:
        for path in ALERTS:
            answer = service.post(path.read_bytes(), resource=path.name.split(".")[0])
            assert (path.name, answer.status) == (path.name, 202)
            names.append(str(answer.content["fingerprint"]))
        assert is_all_filed(service)

    assert set(filed(github.issues).values()) == {1}
    assert len(github.issues) == len(ALERTS)
    for path, name in zip(ALERTS, names, strict=True):
        [issue] = [each for each in github.issues if f"booty:fingerprint={name} " in each["body"]]
        data = json.loads(path.read_bytes())["data"]
        event = data.get("event") or data.get("error")
        level = event.get("level") or "error"
        assert issue["title"].startswith(f"[{level}] "), path.name
        assert labels(issue) == ["agent:builder", f"severity:{level}"]
        for told in (*raised_in(event), event.get("release") or ""):
            assert told in issue["title"] + issue["body"], path.name


OTHERS = sorted(path for path in PAYLOADS.glob("*.json") if path not in ALERTS)


def test_no_recorded_body_of_another_resource_is_answered_with_an_error_or_a_redirect(
    service: Service, github: GitHubStandIn
) -> None:
    answers = {path.stem: service.post(path.read_bytes(), resource=path.stem.split(".")[0]) for path in OTHERS}

    assert {name: answer.status for name, answer in answers.items() if answer.status not in {200, 202}} == {}
    assert [name for name, answer in answers.items() if answer.content["status"] == "accepted"] == [
        "metric_alert.critical",
        "metric_alert.resolved",
    ]
    assert is_all_filed(service)
    assert [issue["state"] for issue in github.issues] == ["closed"]
    assert [labels(issue) for issue in github.issues] == [["agent:builder", "severity:fatal"]]


def test_of_400_simultaneous_posts_of_one_fingerprint_one_becomes_an_issue(
    service: Service, github: GitHubStandIn
) -> None:
    assert eventually(lambda: len(service.workers()) == 2)

    with ThreadPoolExecutor(40) as callers:
        answers = list(callers.map(lambda _: service.post(alert(1)), range(400)))

    assert Counter(answer.status for answer in answers) == {202: 1, 200: 399}
    assert is_all_filed(service)
    assert filed(github.issues) == {fingerprint(1): 1}


def test_sigterm_finishes_the_call_in_flight(service: Service, github: GitHubStandIn) -> None:
    github.may_answer.clear()
    service.post(alert(1))
    assert eventually(lambda: bool(github.posts()))
    assert service.process is not None

    service.process.terminate()
    assert eventually(lambda: len(service.events("Handling signal: term")) == 1)
    github.may_answer.set()

    assert service.process.wait(PATIENCE) == 0
    assert findings(service.state).owed == 0
    assert [event["issue"] for event in service.events("issue_filed")] == [1]


@contextmanager
def full_disk(service: Service) -> Iterator[None]:
    """Let the state directory take no more: a full tmpfs when we may mount one, else a limit on every file's size."""
    if os.getuid() == 0:
        filler = service.state / "filler"
        with filler.open("wb", buffering=0) as file:
            while not _is_full(file.fileno()):
                pass
        yield
        filler.unlink()
        return
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in service.workers()}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    for pid, limit in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def _is_full(descriptor: int) -> bool:
    try:
        return os.write(descriptor, b"x" * 4096) == 0
    except OSError:
        return True


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Make a directory of 8 MiB of its own, when we may."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    if os.getuid() != 0:
        yield state
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", state], check=True)
    yield state
    subprocess.run(["umount", "--lazy", state], check=True)


def test_a_full_disk_is_answered_503_and_the_service_recovers_by_itself(
    github: GitHubStandIn, small_disk: Path
) -> None:
    with Service(small_disk, github.environ) as service:
        assert eventually(lambda: len(service.workers()) == 2)
        workers = service.workers()
        assert service.post(alert(1)).status == 202
        with full_disk(service):
            refusal = service.post(alert(2))
            assert (refusal.status, refusal.content) == (503, {"error": "not_stored"})
            assert eventually(
                lambda: service.get("/health").status == 503, within=5
            )  # a success is believed for a second
        assert service.get("/health").status == 200
        assert service.post(alert(3)).status == 202
        assert eventually(lambda: len(github.issues) == 2, within=120)
        assert is_all_filed(service)
        assert service.workers() == workers

    assert filed(github.issues) == {fingerprint(1): 1, fingerprint(3): 1}


def test_a_ledger_that_is_overwritten_with_noise_is_moved_aside_and_the_service_goes_on(
    service: Service, github: GitHubStandIn
) -> None:
    service.post(alert(1))
    assert is_all_filed(service)
    overwrite_with_noise([*service.state.glob("ledger-1.sqlite3*")])

    answers = [service.post(alert(number)).status for number in (2, 3, 4)]

    assert answers == [202, 202, 202]
    assert is_all_filed(service)
    assert filed(github.issues) == {fingerprint(number): 1 for number in (1, 2, 3, 4)}
    assert (service.state / "ledger-1.sqlite3.unreadable").exists()
    assert service.events("ledger_moved_aside")


def test_wrong_settings_end_the_start_with_every_one_of_them_named(tmp_path: Path) -> None:
    wrong = {
        "SENTRY_WEBHOOK_SECRET": "",
        "TARGET_REPO_URL": "shop",
        "BOOTY_PREVIEW": "0",
        "OBSV_MIN_SEVERITY": "eror",
        "OBSV_COOLDOWN_HOURS": "-1",
        "BOOTY_APP": "nowhere:app",
        "SENTRY_ENVIRONMENT": "production",
    }
    service = Service(tmp_path / "state", wrong)
    named = [*(set(wrong) - {"BOOTY_PREVIEW", "SENTRY_ENVIRONMENT"}), "GITHUB_TOKEN", "SENTRY_DSN"]

    with ExitStack() as stack:
        stack.push(service)
        with pytest.raises(RuntimeError, match="did not start") as caught:
            service.start()
    assert service.process is not None
    assert service.process.wait(PATIENCE) == 78
    assert [name for name in named if f"  {name}: " not in str(caught.value)] == []


def test_both_secrets_verify_while_they_are_rotated(github: GitHubStandIn, tmp_path: Path) -> None:
    rotating = {**github.environ, **ONE_WORKER, "SENTRY_WEBHOOK_SECRET": "the-very-new-one, the-very-old-one"}
    with Service(tmp_path / "state", rotating) as service:
        statuses = [
            service.post(alert(number), headers={"Sentry-Hook-Signature": sign(alert(number), secret)}).status
            for number, secret in enumerate(("the-very-old-one", "the-very-new-one", "neither"), start=1)
        ]

    assert statuses == [202, 202, 401]


def each_once(ending: Ending) -> bool:
    """Return whether every alert was acknowledged once, is settled, and has one issue."""
    return ending.is_settled and ending.filed == ending.accepted and set(ending.accepted.values()) == {1}


FAULTS = ["lost", "late", "odd", "outage", "lag", "unlabelled", "limits", "renamed", "dead token", "death"]


@pytest.mark.parametrize("name", FAULTS)
def test_every_alert_is_filed_and_none_twice_whatever_github_does(stories: Stories, name: str) -> None:
    ending = stories[name]

    assert ending.refused == []
    assert each_once(ending), (ending.accepted, ending.filed)


def test_processes_killed_at_random_lose_no_acknowledged_alert_and_file_none_twice(stories: Stories) -> None:
    ending = stories["deaths"]

    assert ending.is_settled
    assert set(ending.accepted) <= set(ending.filed)
    assert set(ending.filed.values()) == {1}


def test_a_refused_alert_is_kept_and_the_next_one_filed(stories: Stories) -> None:
    ending = stories["refused"]

    assert ending.refused == ["GitHub answered 422: Validation Failed"]
    assert ending.filed == {fingerprint(2): 1}


def test_a_refusal_of_everything_is_told_once_and_asked_about_cheaply(stories: Stories) -> None:
    ending = stories["dead token"]

    posts = [call for call in ending.calls if call.method == "POST"]
    (asked,) = (call for call in ending.calls if call.path == f"/repos/{REPOSITORY}")
    assert len(posts) == 1 + 3
    assert asked.at - posts[0].at <= 60
    said = [line["event"] for line in ending.log if str(line["event"]).startswith(("deliver", "issue_filed"))]
    assert said == ["deliveries_stopped", "issue_filed", "deliveries_resumed", "issue_filed", "issue_filed"]


def test_posts_are_a_second_apart(stories: Stories) -> None:
    times = [call.at for call in stories["renamed"].calls if call.path == "/repositories/42/issues"]

    assert len(times) == 2
    assert times[1] - times[0] >= 0.95


def test_a_rate_limit_is_obeyed(stories: Stories) -> None:
    times = [call.at for call in stories["limits"].calls if call.method == "POST"]

    assert times[1] - times[0] >= 2
    assert times[2] - times[1] >= 3


def test_neither_the_token_nor_a_body_is_in_any_log(stories: Stories) -> None:
    logs = json.dumps([stories[name].log for name in FAULTS])

    assert "issue_filed" in logs
    assert "github_pat_" not in logs
    assert "no such order" not in logs
