"""What the courier reports of its jobs: what the ledger cannot store now, it is told before the next job is taken.

A ledger that is away for a moment would otherwise learn of an issue that was filed only when the lease has run out, and
keep the gate closed until then. Whoever is killed meanwhile leaves just that: a lease that runs out.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from booty.observability.ledger.engines.engine import Engine, NotStored, Result, Shelf, Work
from booty.observability.ledger.schedule.jobs import Idle

BATCHES = 10
"""Transactions in a row that only put jobs in line, or into a digest; claims may come in between."""


class Reports:
    """The reports of one courier, for its thread alone."""

    def __init__(self, engine: Engine) -> None:
        """Have none yet."""
        self._engine = engine
        self._waiting: list[Work[Any]] = []

    def tell(self, work: Work[None]) -> None:
        """Do it now, or before the next job is taken; done twice, it must come to the same."""
        self._waiting.append(work)
        with suppress(NotStored):
            self._store()

    def take(self, work: Work[Result], *, give_back: Callable[[Shelf, Result], None]) -> Result:
        """Return what `work` takes; what it took when nobody can know whether it did is given back. Raises `NotStored`.

        Nothing is taken before all that waits is stored.
        """
        self._store()
        taken: list[Result] = []

        def taking(shelf: Shelf) -> Result:
            taken[:] = [work(shelf)]
            return taken[0]

        try:
            return self._engine.transact(taking)
        except NotStored:
            if taken:
                self._waiting.append(lambda shelf: give_back(shelf, taken[0]))
            raise

    def take_next(
        self, work: Work[Result | Idle], now: float, *, give_back: Callable[[Shelf, Result | Idle], None]
    ) -> Result | Idle:
        """Return what `take` does, after what comes before it in transactions of its own: those rest until `now`.

        After such a one nothing but a job is returned as it is: something else, as a digest, may have its turn now.
        """
        prepared: Idle | None = None
        for _ in range(BATCHES):
            taken = self.take(work, give_back=give_back)
            if not isinstance(taken, Idle):
                return taken
            if taken.until != now:
                return prepared or taken
            prepared = taken
        return prepared or Idle(now)

    def _store(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        try:
            self._engine.transact(lambda shelf: [work(shelf) for work in waiting])
        except NotStored:
            self._waiting = waiting
            raise
