"""The hand-over's door to one ledger: the day's budget, the assignments that are owed."""

from __future__ import annotations

import time

from booty.observability.ledger.engines.engine import Engine, NotStored, Shelf
from booty.observability.ledger.engines.records import SECONDS
from booty.observability.ledger.handover import assignments, budget
from booty.observability.ledger.handover.assignments import Assignment
from booty.observability.ledger.schedule.jobs import Job, Pause

SAID = "said/"
AGAIN_SECONDS = 24 * 3600.0


class HandoverDoor:
    """Times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, engine: Engine) -> None:
        """Use the engine; nothing is opened yet."""
        self._engine = engine

    def grant(self, job: Job, *, per_day: int, now: float) -> bool:
        """Return whether the job's issue may be handed over today; asked again, it is told the same."""
        return self._engine.transact(lambda shelf: budget.grant(shelf, job.key, now, per_day=per_day))

    def owe(self, wanted: Assignment, *, now: float) -> None:
        """Owe an assignment, to be made when the problem has no other job."""
        self._engine.transact(lambda shelf: assignments.owe_assignment(shelf, wanted, now=now))

    def renew(self, held: Assignment, *, now: float) -> bool:
        """Hold it for another lease, as it is now; return False when somebody else may have it."""
        return self._engine.transact(lambda shelf: assignments.renew_assignment(shelf, held, now))

    def is_news(self, what: str) -> bool:
        """Return whether that was not said within a day; also where the ledger cannot tell. Raises nothing."""
        now = time.time()
        try:
            return self._engine.transact(lambda shelf: _is_news(shelf, f"{SAID}{what}", now))
        except NotStored:
            return True

    def end(self, held: Assignment, *, now: float) -> None:
        """Record that it is done."""
        self._engine.transact(lambda shelf: assignments.end_assignment(shelf, held, now))

    def put_off(self, held: Assignment, *, due_at: float, pause: Pause | None, now: float) -> None:
        """Give it back until `due_at`; `pause` when the call failed."""
        self._engine.transact(
            lambda shelf: assignments.put_off_assignment(shelf, held, now, due_at=due_at, pause=pause)
        )


def _is_news(shelf: Shelf, key: str, now: float) -> bool:
    said_at = shelf.get(key)
    if isinstance(said_at, SECONDS) and 0 <= now - said_at < AGAIN_SECONDS:
        return False
    shelf[key] = now
    return True
