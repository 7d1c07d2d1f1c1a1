"""The thread that reads the closings of every repository, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from threading import Event, Thread

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.log_context import about

log = logging.getLogger(__name__)

LOOK_SECONDS = 15.0
"""How long between two looks whether it is time for a cycle; what people do is known within two minutes."""


Cycle = Callable[[], None]


class ClosingsLoop:
    """One thread in every worker."""

    def __init__(
        self, find: Callable[[], Iterable[tuple[str | None, Cycle]]], *, look_seconds: float = LOOK_SECONDS
    ) -> None:
        """Take what finds the cycles, each with its repository, once; nothing runs before `wake`."""
        self._find, self._look_seconds = find, look_seconds
        self._cycles: tuple[tuple[str | None, Cycle], ...] = ()
        self._is_stopping = Event()
        self._thread: Thread | None = None

    def wake(self) -> None:
        """Start the thread, unless it runs; to be called in a worker, after the fork."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="closings", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Begin no other cycle; what is under way, the next process does again."""
        self._is_stopping.set()

    def _run(self) -> None:
        while not self._is_stopping.wait(self._look_seconds):
            if not self._cycles:
                self._do(self._look_around)
            for repository, cycle in self._cycles:
                with about(None, repository=repository):
                    self._do(cycle)

    def _look_around(self) -> None:
        self._cycles = tuple(self._find())

    def _do(self, cycle: Cycle) -> None:
        """Do one; whatever goes wrong with it is no matter of the other repositories."""
        try:
            cycle()
        except NotStored:
            return  # the store said so itself
        except Exception:  # the outermost of the thread: without it, a bug would end it for good
            log.exception("closings_failed")
