"""The hand-over's door to one ledger: the day's budget, the assignments that are owed."""

from __future__ import annotations

import time
from collections.abc import Callable

from booty.observability.ledger.engines.engine import Engine, NotStored, Shelf
from booty.observability.ledger.engines.records import HISTORY, SECONDS, shaped
from booty.observability.ledger.handover import assignments, budget
from booty.observability.ledger.handover.assignments import Assignment
from booty.observability.ledger.schedule.jobs import Job, Pause
from booty.observability.ledger.schedule.reports import Reports

SAID = "said/"
AGAIN_SECONDS = 24 * 3600.0


class HandoverDoor:
    """Times are unix seconds. What begins something raises `NotStored`; how it ended goes through `reports`."""

    def __init__(self, engine: Engine, reports: Reports, *, clock: Callable[[], float] = time.time) -> None:
        """Use the engine; nothing is opened yet. `clock` tells when something is said."""
        self._engine, self._reports = engine, reports
        self._clock = clock

    def grant(self, job: Job, *, per_day: int, now: float) -> bool:
        """Return whether the job's issue may be handed over today; asked again, it is told the same."""
        return self._engine.transact(lambda shelf: budget.grant(shelf, job.key, now, per_day=per_day))

    def protect(self, job: Job, path: str) -> None:
        """Remember the pattern that protects where the job's problem crashes."""
        self._engine.transact(lambda shelf: _protect(shelf, f"alert/{job.fingerprint}", path))

    def owe(self, wanted: Assignment, *, now: float) -> None:
        """Owe an assignment, to be made when the problem has no other job."""
        self._engine.transact(lambda shelf: assignments.owe_assignment(shelf, wanted, now=now))

    def renew(self, held: Assignment, *, now: float) -> bool:
        """Hold it for another lease, as it is now; return False when somebody else may have it."""
        return self._engine.transact(lambda shelf: assignments.renew_assignment(shelf, held, now))

    def is_news(self, what: str) -> bool:
        """Return whether that was not said within a day; also where the ledger cannot tell. Raises nothing."""
        now = self._clock()
        try:
            return self._engine.transact(lambda shelf: _is_news(shelf, f"{SAID}{what}", now))
        except NotStored:
            return True

    def end(self, held: Assignment, *, now: float) -> None:
        """Record that it is done."""
        self._reports.tell(lambda shelf: assignments.end_assignment(shelf, held, now))

    def put_off(self, held: Assignment, *, due_at: float, pause: Pause | None, now: float) -> None:
        """Give it back until `due_at`; `pause` when the call failed."""
        self._reports.tell(lambda shelf: assignments.put_off_assignment(shelf, held, now, due_at=due_at, pause=pause))


def _is_news(shelf: Shelf, key: str, now: float) -> bool:
    said_at = shelf.get(key)
    if isinstance(said_at, SECONDS) and 0 <= now - said_at < AGAIN_SECONDS:
        return False
    shelf[key] = now
    return True


def _protect(shelf: Shelf, key: str, path: str) -> None:
    record = shaped(shelf.get(key), HISTORY)
    if record:
        shelf[key] = record | {"protected": path}
