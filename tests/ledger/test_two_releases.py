"""Two releases on one ledger: whatever the one wrote the other goes on with, and both at once keep every promise.

Each release is a real service, spoken to from outside: signed webhooks, the operator's commands, GitHub's calls.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from support.fault_stories import filed
from support.github_stand_in import Fault, GitHubStandIn, Json
from support.older_release import unpack
from support.sentry_events import PROJECT, body_of, sample
from support.service import ROOT, Answer, Service, eventually

from booty.observability.alerts.issue import MUTE
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.findings import Findings
from booty.observability.ledger.inspection import Inspection

OLD, NEW = f"booty@{'a' * 40}", f"booty@{'b' * 40}"
SETTINGS = {"OBSV_PERMALINKS": "0", "OBSV_SUSPECTS": "0", "OBSV_MIN_SEVERITY": "warning", "WEB_CONCURRENCY": "1"}
PAUSE_SECONDS = 15
RULE = 4031


def occurrence(problem: int, event: str, *, release: str = OLD, **more: object) -> bytes:
    """Return the body of an event alert."""
    known = {"project": PROJECT, "issue_id": str(problem), "event_id": f"{problem:016x}{event:>016}", "level": "error"}
    return body_of({"action": "triggered", "data": {"event": known | {"release": release} | more}})


def of_the_rule(problem: int) -> bytes:
    """Return the body of the alert of the issue that Sentry makes of the metric's rule."""
    payload = sample("event_alert.triggered.occurrence")
    payload["data"]["event"] |= {"issue_id": str(problem), "project": PROJECT}
    payload["data"]["event"]["occurrence"] |= {"type": 8001, "evidenceData": {"alert_id": RULE, "detector_id": 99}}
    return body_of(payload)


def change(problem: int, name: str, second: int) -> bytes:
    """Return the body of a status change."""
    payload = sample(f"issue.{name}")
    seen = f"2099-01-01T00:00:{second:02}Z"
    payload["data"]["issue"] |= {"id": str(problem), "project": {"id": str(PROJECT), "slug": "booty"}, "lastSeen": seen}
    return body_of(payload)


class Releases:
    """One state directory, one GitHub, and a service of each release that may run on them."""

    def __init__(self, directory: Path, github: GitHubStandIn, codes: dict[str, Path]) -> None:
        self.state = directory / "state"
        self.github = github
        self.codes = codes

    def service(self, release: str) -> Service:
        code = self.codes[release]
        service = Service(self.state, self.github.environ | SETTINGS | {"PYTHONPATH": str(code)})
        service.folder = code
        return service

    def command(self, release: str, *arguments: str) -> str:
        """Run one of the operator's commands of a release."""
        environ = {"PYTHONPATH": str(self.codes[release]), "BOOTY_STATE_DIR": str(self.state), "PATH": "/usr/bin:/bin"}
        command = [sys.executable, "-m", "booty", *arguments]
        done = subprocess.run(command, cwd=self.codes[release], env=environ, capture_output=True, check=False)
        assert done.returncode in {0, 3}, done.stderr
        return done.stdout.decode()

    def status(self, release: str) -> Json:
        status: Json = json.loads(self.command(release, "status", "--json"))
        for volatile in ("free_bytes", "needs_person"):
            status.pop(volatile)
        for waiting in status["waiting"]:
            waiting.pop("age_seconds")
        return status

    @property
    def found(self) -> Findings:
        return Inspection(SqliteStore(self.state)).look(now=time.time())

    def is_settled(self) -> bool:
        return self.found.owed == 0

    def issue(self, fingerprint: str) -> Json:
        [found] = [issue for issue in self.github.issues if f"booty:fingerprint={fingerprint} " in issue["body"]]
        return found

    def labels(self, fingerprint: str) -> set[str]:
        labels = self.issue(fingerprint)["labels"]
        return {label if isinstance(label, str) else label["name"] for label in labels}

    def comments(self, fingerprint: str) -> list[str]:
        return [each["body"][:12] for each in self.github.comments.get(self.issue(fingerprint)["number"], [])]


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {"this": ROOT, "older": unpack(tmp_path_factory.mktemp("older"))}


def accepted(answer: Answer) -> None:
    assert answer.status == 202, answer


def ignored(answer: Answer, reason: str = "cooldown") -> None:
    assert (answer.status, answer.content.get("reason")) == (200, reason)


def write_all_kinds(releases: Releases, service: Service) -> None:
    """Leave records of every kind: filed, closed, muted, several names; refused, owed, waiting, held; a pause."""
    for problem in (1, 2, 3):
        accepted(service.post(occurrence(problem, "1")))
    accepted(service.post(body_of(sample("metric_alert.critical")), resource="metric_alert"))
    assert eventually(releases.is_settled)
    accepted(service.post(change(2, "resolved", 1), resource="issue"))
    accepted(service.post(change(3, "ignored", 1), resource="issue"))
    assert eventually(releases.is_settled)
    ignored(service.post(occurrence(3, "2", release=NEW)))
    ignored(service.post(occurrence(1, "2")))
    refusal, limit = b'{"message": "Validation Failed"}', {"Retry-After": str(PAUSE_SECONDS)}
    releases.github.fail(Fault(422, {}, refusal), times=1)
    accepted(service.post(occurrence(6, "1")))
    assert eventually(lambda: bool(releases.found.refused))
    releases.github.fail(Fault(429, limit), times=1)
    accepted(service.post(occurrence(4, "1")))
    assert eventually(lambda: releases.found.pause is not None)
    accepted(service.post(occurrence(5, "1")))
    accepted(service.post(change(5, "resolved", 1), resource="issue"))


def hand_over_and_back(releases: Releases, writer: str, reader: str) -> None:
    """Let `reader` go on with what `writer` left, killed in a pause; then `writer` with what it left, in a stop."""
    github = releases.github
    with releases.service(writer) as service:
        write_all_kinds(releases, service)
        service.kill()
    left = releases.status(writer)
    assert releases.status(reader) == left
    assert (left["owed"], len(left["refused"]), bool(left["pause"])) == (2, 1, True)
    calls = len(github.calls)

    with releases.service(reader) as service:
        assert service.get("/health").content["deliveries"] == "paused"
        for problem, event in ((1, "1"), (1, "2"), (2, "1"), (3, "2"), (4, "1"), (5, "1")):
            ignored(service.post(occurrence(problem, event, release=NEW if problem == 3 else OLD)))
        assert len(github.calls) == calls

        assert eventually(releases.is_settled)
        assert github.calls[calls].at >= datetime.fromisoformat(left["pause"]["until"]).timestamp()
        assert "1 owed once more" in releases.command(reader, "retry", "--all")
        assert eventually(releases.is_settled, within=60)  # by itself it looks every half a minute
        ignored(service.post(occurrence(2, "2")))
        accepted(service.post(occurrence(2, "3", release=NEW)))
        accepted(service.post(change(3, "unresolved", 2), resource="issue"))
        service.post(of_the_rule(5078))
        assert eventually(releases.is_settled)

        github.fail(Fault(401, {}, b'{"message": "Bad credentials"}'), times=1)
        accepted(service.post(occurrence(7, "1")))
        assert eventually(lambda: releases.found.stop is not None)
        service.kill()

    assert releases.status(reader)["stopped"] == releases.status(writer)["stopped"]
    with releases.service(writer) as service:
        assert service.get("/health").content["deliveries"] == "stopped"
        releases.command(writer, "retry", "--all")
        assert eventually(releases.is_settled)
        for problem in (1, 2, 3, 4, 5, 6, 7):
            ignored(service.post(occurrence(problem, "1")))

    problems = [f"{PROJECT}:{number}" for number in range(1, 8)]
    assert filed(github.issues) == Counter([*problems, "metric:4031"])
    assert [releases.issue(problem)["state"] for problem in problems] == [*["open"] * 4, "closed", "open", "open"]
    assert MUTE not in releases.labels(f"{PROJECT}:3")
    assert releases.comments(f"{PROJECT}:2") == ["Resolved in ", "**Regressed*"]
    assert any(text.startswith("Also seen") for text in releases.comments(f"{PROJECT}:3"))
    assert releases.found.refused == ()


def run_at_once(releases: Releases) -> None:
    """Send each alert to both while they run beside each other, then kill them in turn."""
    bodies = [occurrence(number, "1") for number in range(1, 13)]
    with releases.service("older") as older, releases.service("this") as this, ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda at: (older, this)[at % 2].post(bodies[at // 2]), range(2 * len(bodies))))
        for service in (older, this):
            service.kill()
            service.start()

        assert eventually(releases.is_settled, within=120)

    assert Counter(answer.status for answer in answers) == {202: len(bodies), 200: len(bodies)}
    assert filed(releases.github.issues) == Counter(f"{PROJECT}:{number}" for number in range(1, 13))
    assert releases.status("older") == releases.status("this")


STORIES: Mapping[str, Callable[[Releases], None]] = {
    "on": partial(hand_over_and_back, writer="older", reader="this"),
    "back": partial(hand_over_and_back, writer="this", reader="older"),
    "at once": run_at_once,
}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, codes: dict[str, Path]) -> Iterator[dict[str, Future[None]]]:
    """Start all stories at once: most of their time is waiting."""

    def live(name: str) -> None:
        with GitHubStandIn() as github:
            STORIES[name](Releases(tmp_path_factory.mktemp("state"), github, codes))

    with ThreadPoolExecutor(len(STORIES)) as executor:
        yield {name: executor.submit(live, name) for name in STORIES}


def test_this_release_goes_on_with_what_the_older_one_left_and_back(lived: dict[str, Future[None]]) -> None:
    lived["on"].result()


def test_the_older_release_goes_on_with_what_this_one_left_and_back(lived: dict[str, Future[None]]) -> None:
    lived["back"].result()


def test_both_at_once_file_every_alert_once_through_a_kill_of_either(lived: dict[str, Future[None]]) -> None:
    lived["at once"].result()
