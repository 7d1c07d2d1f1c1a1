"""The thread that reads the closings of every repository, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread

from booty.observability.ledger.engines.engine import NotStored

log = logging.getLogger(__name__)

LOOK_SECONDS = 15.0
"""How long between two looks whether it is time for a cycle; what people do is known within two minutes."""


class ClosingsLoop:
    """One thread in every worker."""

    def __init__(self, cycles: Sequence[Callable[[], None]], *, look_seconds: float = LOOK_SECONDS) -> None:
        """Take a cycle of each repository; nothing runs before `wake`."""
        self._cycles, self._look_seconds = tuple(cycles), look_seconds
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
            for cycle in self._cycles:
                self._do(cycle)

    def _do(self, cycle: Callable[[], None]) -> None:
        """Do one; whatever goes wrong with it is no matter of the other repositories."""
        try:
            cycle()
        except NotStored:
            return  # the store said so itself
        except Exception:  # the outermost of the thread: without it, a bug would end it for good
            log.exception("closings_failed")
