"""A problem whose issue was closed, and what verifies it: over a tracker, by a clock that tests turn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.ledger_doors import KEEP_SECONDS, Ledger
from support.ledger_steps import claim

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import Issue, IssueRef
from booty.observability.alerts.problem import Seen
from booty.observability.alerts.severity import Severity
from booty.observability.delivery.verified.proof import Proof
from booty.observability.delivery.verified.verifier import Verifier
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.draft import Draft
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.problems.seen_releases import ReleaseBook
from booty.observability.ledger.releases.live import LiveBook
from booty.observability.ledger.releases.verifying import VerifyingBook
from booty.observability.ledger.schedule.jobs import FilingJob

NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 24 * 3600.0
A, B, C = "a" * 40, "b" * 40, "c" * 40
OLD, NEW = f"booty@{A}", f"booty@{B}"


@dataclass
class Line:
    """A repository in memory: which commits do not follow on which, which are not its own; what Sentry says besides."""

    book: ReleaseBook
    out_of_line: set[tuple[str, str]] = field(default_factory=set)
    strange: set[str] = field(default_factory=set)
    last_event: float | None = None
    trouble: Exception | None = None

    def is_before(self, commit: str, later: str) -> bool:
        """See `Lineage`."""
        return (commit, later) not in self.out_of_line

    def of(self, fingerprint: str) -> Seen:
        """See `Sightings`."""
        assert fingerprint == "1:1"
        if self.trouble is not None:
            raise self.trouble
        return Seen(last=self.last_event)

    def trusted(self, commits: Collection[str], *, now: float) -> frozenset[str]:
        """See `Trusting`."""
        del now
        found = frozenset(commits) - self.strange
        for each in found:
            self.book.trust(each)
        return found


class Closed:
    """The problem `1:1`, seen in the release `OLD`, with an issue that `close` closes; verified after `days`."""

    def __init__(self, state: Path, tracker: Tracker, *, days: float = 1.0, now: float = NOW) -> None:
        self.ledger = Ledger(state)
        self.tracker = tracker
        self.now = now
        self.line = Line(ReleaseBook(self.ledger.engine))
        self.book = VerifyingBook(self.ledger.engine, verify_seconds=days * DAY)
        self.live = LiveBook(self.ledger.engine)
        proof = Proof(self.line, self.line, self.line)
        web = WebLinks("https://github.com/acme/shop")
        self.verifier = Verifier(self.book, tracker, proof, web, days, clock=lambda: self.now)
        self.events = 0

    def come(self, release: str | None, *, problem: str = "1:1", environment: str = "production") -> None:
        """Let an alert come, and be settled if it is accepted; the first of `1:1` makes the issue."""
        self.events += 1
        event = f"e{self.events}{self.now:.0f}"
        alert = Alert(
            fingerprint=problem, event=event, severity=Severity.ERROR, release=release, environment=environment
        )
        if not claim(self.ledger, alert, self.now).is_accepted:
            return
        job = self.ledger.queue.take(now=self.now)
        assert isinstance(job, FilingJob)
        is_first = problem == "1:1" and job.problem.issue is None
        draft = Draft("[error] X in y", f"text\n\n<!-- booty:fingerprint={problem} event=e1 -->", (), "")
        other = None if problem == "1:1" else IssueRef(99, "https://github.com/acme/shop/issues/99")
        self.ledger.queue.settle(job, self.tracker.create(draft) if is_first else other, now=self.now)
        self.now += 2

    def issue(self) -> Issue:
        """Return the issue."""
        issue = self.tracker.read(1)
        assert isinstance(issue, Issue)
        return issue

    def poll(self, **changes: object) -> None:
        """Let the closings be read, with `changes` to the issue as the list shows it."""
        issue = replace(self.issue(), **changes)  # type: ignore[arg-type]  # fields by name, as the tests spell them
        self.ledger.closings.learn([issue], as_of=self.now, now=self.now)
        self.book.note([issue], now=self.now)

    def run(self, release: str | None = NEW, *, hours: float, step: float = HOUR) -> None:
        """Let hours pass, in steps, while the service itself runs `release`."""
        for _ in range(round(hours * HOUR / step)):
            self.now += step
            if release is not None:
                self.live.note_own(release, "production", now=self.now, keep_seconds=KEEP_SECONDS)
            self.verifier.cycle()
