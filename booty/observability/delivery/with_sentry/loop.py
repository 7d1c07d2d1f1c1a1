"""The thread that asks Sentry, or tells it: each cycle is a look whether there is something to do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from booty.observability.ledger.engines.engine import NotStored

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How long between two times that each is called."""


class SentryLoop:
    """Calls each cycle in turn, again and again; what is under way at a stop, the next process does again."""

    def __init__(self, *cycles: Callable[[], None]) -> None:
        """Prepare; nothing runs before `wake`. A cycle may raise `NotStored`."""
        self._cycles = cycles
        self._is_stopping = Event()
        self._thread: Thread | None = None

    def wake(self) -> None:
        """Start the thread, unless it runs; to be called in a worker, after the fork."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="with-sentry", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Begin no other cycle."""
        self._is_stopping.set()

    def _run(self) -> None:
        while not self._is_stopping.wait(LOOK_SECONDS):
            for each in self._cycles:
                try:
                    each()
                except NotStored:
                    continue  # the store said so itself
                except Exception:  # the outermost loop of the thread: without it, a bug would end it for good
                    log.exception("round_failed")
