"""A write to the issue about the pipe, in its turn among all deliveries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from booty.observability.delivery.retry import backoff
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.schedule.jobs import Pause
from booty.observability.ledger.watch.pipe import Pipe, PipeBook

TRIES = 10
"""Seconds to wait for the gate while the courier is at work."""


@dataclass(frozen=True, slots=True)
class Turns:
    """The book with the gate, the tracker, a clock in unix seconds."""

    book: PipeBook
    tracker: Tracker
    clock: Callable[[], float]

    def write(self, holder: str, begun: Pipe, write: Callable[[], Pipe], *, undone: Pipe) -> None:
        """Do `write` when it is our turn, within the round of `holder`; nothing, when it is not for long.

        `begun` is remembered before it, what it returns after it, `undone` when it certainly did nothing. Raises
        `Refused`, `Postponed`, `Unknown` as `write` does; `NotStored`.
        """
        if not any(self._is_ours(holder, begun) for _ in range(TRIES)):
            return
        ended, pause = begun, None
        try:
            ended = write()
        except Refused:
            ended = undone
            raise
        except (Postponed, Unknown) as failure:
            ended = undone if isinstance(failure, Postponed) else begun
            pause = Pause(self.clock() + backoff(failure, failures=0), str(failure))
            raise
        finally:
            self.book.end_write(holder, ended, now=self.clock(), pause=pause)

    def _is_ours(self, holder: str, begun: Pipe) -> bool:
        if self.book.begin_write(holder, begun, now=self.clock()):
            return True
        self.tracker.rest()
        return False
