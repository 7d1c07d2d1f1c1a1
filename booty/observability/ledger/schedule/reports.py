"""What the courier reports of its jobs: what the ledger cannot store now, it is told before the next job is taken.

A ledger that is away for a moment would otherwise learn of an issue that was filed only when the lease has run out, and
keep the gate closed until then. Whoever is killed meanwhile leaves just that: a lease that runs out.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from booty.observability.ledger.engines.engine import Engine, NotStored, Ranges, Result, Shelf, Work
from booty.observability.ledger.schedule.job_records import keys_of
from booty.observability.ledger.schedule.jobs import Idle, Job

Ahead = tuple[tuple[str, ...], Ranges]
"""Keys and ranges that a work asks for, as `Engine.transact` takes them."""
BATCHES = 10
"""Transactions in a row that only put jobs in line, or into a digest; claims may come in between."""


class Reports:
    """The reports of one courier, for its thread alone."""

    def __init__(self, engine: Engine) -> None:
        """Have none yet."""
        self._engine = engine
        self._waiting: list[tuple[Work[Any], tuple[str, ...]]] = []

    def tell(self, work: Work[None], *, about: Job | None = None) -> None:
        """Do it now, or before the next job is taken; done twice, it must come to the same. `about` a job, if any."""
        self._waiting.append((work, () if about is None else keys_of(about)))
        with suppress(NotStored):
            self._store()

    def take(
        self, work: Work[Result], *, give_back: Callable[[Shelf, Result], None], ahead: Ahead = ((), ())
    ) -> Result:
        """Return what `work` takes; what it took when nobody can know whether it did is given back. Raises `NotStored`.

        Nothing is taken before all that waits is stored. `ahead` is what the engine may read ahead.
        """
        self._store()
        taken: list[Result] = []

        def taking(shelf: Shelf) -> Result:
            taken[:] = [work(shelf)]
            return taken[0]

        try:
            return self._engine.transact(taking, reads=ahead[0], ranges=ahead[1])
        except NotStored:
            if taken:
                self._waiting.append((lambda shelf: give_back(shelf, taken[0]), ()))
            raise

    def take_next(
        self, work: Work[Result | Idle], now: float, *, give_back: Callable[[Shelf, Result | Idle], None], ahead: Ahead
    ) -> Result | Idle:
        """Return what `take` does, after what comes before it in transactions of its own: those rest until `now`.

        After such a one nothing but a job is returned as it is: something else, as a digest, may have its turn now.
        """
        prepared: Idle | None = None
        for _ in range(BATCHES):
            taken = self.take(work, give_back=give_back, ahead=ahead)
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
            reads = tuple(key for _, keys in waiting for key in keys)
            self._engine.transact(lambda shelf: [work(shelf) for work, _ in waiting], reads=reads)
        except NotStored:
            self._waiting = waiting
            raise
