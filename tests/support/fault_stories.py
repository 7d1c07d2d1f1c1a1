"""Stories of a real service and a GitHub that fails, or of processes that die: told by one function each.

They take up to a minute and a half, most of it waiting, so `Stories` runs all of them at once in the background.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread

from support.github_stand_in import Call, Fault, GitHubStandIn, Json
from support.sentry_events import body_of, capture, delivered
from support.service import Service, eventually

from booty.observability.issues.draft import marker_of
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.findings import Findings
from booty.observability.ledger.inspection import Inspection

PROJECT = 42
LONGEST = 140.0
"""Seconds: a death in the middle of a call, the lease, both looks, another post."""
ONE_WORKER = {"WEB_CONCURRENCY": "1"}


def fail() -> None:
    """Raise what every numbered alert is about."""
    raise LookupError("no such order")


EVENT = capture(fail)


def alert(number: int) -> bytes:
    """Return the body of an alert of its own, whose fingerprint is `fingerprint(number)`."""
    return body_of(delivered(EVENT | {"event_id": f"{number:032x}"}, issue=str(number), project=PROJECT))


def fingerprint(number: int) -> str:
    return f"{PROJECT}:{number}"


def filed(issues: list[Json]) -> Counter[str]:
    """Count the issues by the fingerprint in their markers."""
    markers = [marker_of(issue["body"]) for issue in issues]
    return Counter(marker.fingerprint if marker else "no marker" for marker in markers)


def findings(state: Path) -> Findings:
    """Read the ledger of a service, running or not."""
    return Inspection(SqliteStore(state)).look(now=time.time())


def is_all_filed(service: Service, *, within: float = LONGEST) -> bool:
    """Wait until the service owes nothing; return whether it came to that."""
    return eventually(lambda: findings(service.state).owed == 0, within=within)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a story ended: what was acknowledged, the issues, GitHub's calls, the log, what was refused."""

    is_settled: bool
    accepted: Counter[str]
    issues: list[Json]
    calls: list[Call]
    log: list[Json]
    refused: list[str]

    @property
    def filed(self) -> Counter[str]:
        """The issues by fingerprint."""
        return filed(self.issues)


Play = Callable[[Service, GitHubStandIn, Counter[str]], None]


@dataclass(frozen=True, slots=True)
class Story:
    """A GitHub, the faults of its first posts in turn, and what is done to the service."""

    play: Play
    posts: tuple[Fault, ...] = ()
    outage_seconds: float = 0
    lag_seconds: float = 0
    drops_labels: bool = False
    moved_to: str | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: ONE_WORKER)

    def tell(self, state: Path) -> Ending:
        """Live through it, with the service's state in `state`."""
        accepted: Counter[str] = Counter()
        github = GitHubStandIn(lag_seconds=self.lag_seconds, drops_labels=self.drops_labels, moved_to=self.moved_to)
        for fault in self.posts:
            github.fail(fault, times=1)
        if self.outage_seconds:
            github.fail(Fault(), seconds=self.outage_seconds)
            github.fail(Fault(), method="GET", seconds=self.outage_seconds)
        with github, Service(state, {**github.environ, **self.environ}) as service:
            self.play(service, github, accepted)
            is_settled = is_all_filed(service)
        reasons = [letter.reason for letter in findings(state).refused]
        return Ending(is_settled, accepted, github.issues, github.calls, service.log_lines(), reasons)


def post(service: Service, number: int, accepted: Counter[str]) -> None:
    """Send one alert; count it when it was acknowledged."""
    if service.post(alert(number)).status == 202:
        accepted[fingerprint(number)] += 1


def send(count: int) -> Play:
    """Send so many different alerts."""

    def play(service: Service, github: GitHubStandIn, accepted: Counter[str]) -> None:
        del github
        for number in range(1, count + 1):
            post(service, number, accepted)

    return play


def die_while_posting(service: Service, github: GitHubStandIn, accepted: Counter[str]) -> None:
    """Kill every process while GitHub, which has made the issue, has not answered."""
    github.may_answer.clear()
    post(service, 1, accepted)
    post(service, 2, accepted)
    assert eventually(lambda: bool(github.posts()))
    service.kill()
    github.may_answer.set()
    service.start()


def die_at_random_under_load(service: Service, github: GitHubStandIn, accepted: Counter[str]) -> None:
    """Kill every process twice, at random moments, while alerts come in."""
    del github
    is_over = Event()

    def load() -> None:
        for number in range(1, 13):
            try:
                post(service, number, accepted)
            except (OSError, HTTPException):
                continue  # not acknowledged: Sentry would have lost it
            is_over.wait(0.2)

    sender = Thread(target=load)
    sender.start()
    for _ in range(2):
        is_over.wait(random.uniform(0.1, 1.2))  # noqa: S311 - any moment will do
        service.kill()
        service.start()
    sender.join()


STORIES: Mapping[str, Story] = {
    "lost": Story(send(3), posts=(Fault(502, creates=True), Fault(manner="drop", creates=True),
                                  Fault(201, {}, b"{}", creates=True))),
    "late": Story(send(2), posts=(Fault(manner="hang", creates=True),
                                  Fault(201, {}, b" " * 4000, creates=True, manner="trickle"))),
    "odd": Story(send(2), posts=(Fault(201, {}, b"<html>", creates=True),
                                 Fault(201, {}, b" " * 9_000_000, creates=True))),
    "outage": Story(send(3), outage_seconds=8),
    "lag": Story(send(1), posts=(Fault(502, creates=True),), lag_seconds=20),
    "unlabelled": Story(send(1), posts=(Fault(manner="drop", creates=True),), drops_labels=True),
    "limits": Story(send(2), posts=(Fault(429, {"Retry-After": "2"}), Fault(403, {"Retry-After": "3"}))),
    "renamed": Story(send(2), moved_to="/repositories/42"),
    "refused": Story(send(2), posts=(Fault(422, {}, b'{"message": "Validation Failed"}'),)),
    "dead token": Story(send(3), posts=(Fault(401, {}, b'{"message": "Bad credentials"}'),)),
    "death": Story(die_while_posting, environ={}),
    "deaths": Story(die_at_random_under_load, environ={}),
}  # fmt: skip


class Stories:
    """All stories, running in the background."""

    def __init__(self, directory: Path) -> None:
        self._executor = ThreadPoolExecutor(len(STORIES))
        self._endings: dict[str, Future[Ending]] = {
            name: self._executor.submit(story.tell, directory / name) for name, story in STORIES.items()
        }

    def __getitem__(self, name: str) -> Ending:
        """Return how a story ended, once it has."""
        return self._endings[name].result()

    def close(self) -> None:
        """Wait for the rest."""
        self._executor.shutdown()
