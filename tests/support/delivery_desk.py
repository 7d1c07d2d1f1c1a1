"""Delivery at a desk: a real ledger, a scripted tracker, a clock that the test sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from support import alerts
from support.ledger_doors import Ledger
from support.tracker_in_memory import TrackerInMemory

from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.issue import IssueRef
from booty.observability.delivery.courier import Courier
from booty.observability.issues.draft import Draft, marker_of
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Unknown
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.schedule.gates import one_token

NOW = 1_800_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR
LOST, NEVER = "lost", "never"
"""The answer to a post that made its issue is lost; or nothing was made, and nobody says so."""


Outcome = str | Exception | None


class Killed(BaseException):
    """The process is gone; no `except Exception` sees it."""


@dataclass
class Clock:
    """Seconds that pass when the test says so."""

    now: float = NOW

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@dataclass
class ScriptedTracker(TrackerInMemory):
    """Does what `posts` and `looks` say, call by call, then succeeds; `during_post` runs inside every post."""

    clock: Clock = field(default_factory=Clock)
    posts: list[Outcome] = field(default_factory=list)
    looks: list[Outcome] = field(default_factory=list)
    checks: list[Outcome] = field(default_factory=list)
    lag_seconds: float = 0.0
    during_post: Callable[[], object] = lambda: None
    filed: list[tuple[str, float]] = field(default_factory=list)
    timed: list[tuple[str, float]] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    refused_events: dict[str, Outcome] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)

    def create(self, draft: Draft) -> IssueRef:
        """See `Tracker.create`."""
        self.timed.append(("create", self.clock.now))
        self.labels.append(draft.labels)
        outcome = self.refused_events.get(_event(draft)) or (self.posts.pop(0) if self.posts else None)
        if outcome in {None, LOST}:
            self.filed.append((_event(draft), self.clock.now))
        self.during_post()
        if isinstance(outcome, str):
            raise Unknown(outcome)
        if outcome is not None:
            raise outcome
        return IssueRef(len(self.filed), "")

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """See `Tracker.find`."""
        self.timed.append(("find", self.clock.now))
        outcome = self.looks.pop(0) if self.looks else None
        if isinstance(outcome, Exception):
            raise outcome
        for number, (event, filed_at) in enumerate(self.filed, start=1):
            if event == _event(draft) and max(since, filed_at) <= self.clock.now - self.lag_seconds:
                return IssueRef(number, "")
        return None

    def edit(self, number: int, edit: Edit) -> None:
        """See `Tracker.edit`."""
        self._begin(f"edit {number}")
        self.edits.append(edit)

    def check(self) -> None:
        """See `Tracker.check`."""
        self.timed.append(("check", self.clock.now))
        outcome = self.checks.pop(0) if self.checks else None
        if isinstance(outcome, Exception):
            raise outcome

    @property
    def verbs(self) -> list[str]:
        """What was called, in order."""
        return [verb for verb, _ in self.timed]

    @property
    def events(self) -> list[str]:
        """The events that were filed, in order."""
        return [event for event, _ in self.filed]


def _event(draft: Draft) -> str:
    marker = marker_of(draft.body)
    assert marker is not None
    return marker.event


@dataclass
class Desk:
    """A ledger, a tracker, a clock; any number of couriers over them."""

    directory: Path
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.tracker = ScriptedTracker(clock=self.clock)
        self.ledger = Ledger(self.directory, keep_seconds=30 * 24 * HOUR)
        self.courier = self.another_courier()

    def another_courier(
        self, *, owner: str = "old", engine: Engine | None = None, clock: Callable[[], float] | None = None
    ) -> Courier:
        """Return one more courier over the same ledger, by a clock of its own if it has one."""
        ledger = Ledger(self.directory, engine=engine, keep_seconds=30 * 24 * HOUR)
        return Courier(
            ledger.queue,
            self.tracker,
            trigger_label="agent:builder",
            gates_of=one_token(owner),
            clock=clock or self.clock,
        )

    def owe(self, number: int = 1, **changes: object) -> None:
        """Have an alert claimed, with `changes` to its fields."""
        one = alerts.alert(**{"fingerprint": f"1:{number}", "event": f"e{number}"} | changes)
        policy = Policy(one.severity, 6 * HOUR)
        verdict = self.ledger.claims.claim(
            one, lambda history: decide(one, policy, history, self.clock.now), now=self.clock.now
        )
        assert verdict is Verdict.ACCEPTED

    def pass_time(self, seconds: float = 24 * HOUR, *, until: Callable[[], bool] | None = None) -> None:
        """Step whenever something is due, for at most `seconds`; end as soon as nothing is owed, or `until` is so."""
        ends_at, is_over = self.clock.now + seconds, until or (lambda: not self.ledger.owed)
        while self.clock.now <= ends_at and not is_over():
            rest = self.courier.step()
            if rest is not None:
                self.clock.now = max(self.clock.now, rest.until or ends_at + 1)

    def reasons(self) -> list[str]:
        """Return why alerts were refused."""
        return [letter.reason for letter in self.ledger.refused]
