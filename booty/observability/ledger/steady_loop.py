"""A thread that takes turns at the ledger as long as its process lives, beside the requests.

A ledger that cannot be written to, or a bug of ours, ends a turn, never the thread.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from booty.observability.ledger.engines.engine import NotStored

log = logging.getLogger(__name__)


class SteadyLoop(ABC):
    """One thread in every worker."""

    def __init__(
        self,
        name: str,
        *,
        seconds: float,
        failed: str,
        first_seconds: float | None = None,
        stop_seconds: float | None = 0.0,
    ) -> None:
        """Prepare; nothing runs before `wake`. `failed` is the event that is logged of a bug.

        It waits `seconds` before each turn, `first_seconds` before the first where that is another time. A stop lets
        the turn under way have `stop_seconds`, None: as long as it takes.
        """
        self._name, self._failed = name, failed
        self._seconds, self._first_seconds, self._stop_seconds = seconds, first_seconds, stop_seconds
        self._is_stopping = Event()
        self._thread: Thread | None = None

    @abstractmethod
    def turn(self) -> None:
        """Do what is due. Raises `NotStored`."""

    def wake(self) -> None:
        """Start the thread, unless it runs; to be called in a worker, after the fork."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Begin no other turn."""
        self._is_stopping.set()
        if self._thread is not None:
            self._thread.join(self._stop_seconds)

    @contextmanager
    def outliving(self) -> Iterator[None]:
        """Go on after whatever goes wrong within."""
        try:
            yield
        except NotStored:
            pass  # the store said so itself
        except Exception:  # the outermost of the thread: without it, a bug would end it for good
            log.exception(self._failed)

    def _run(self) -> None:
        seconds = self._seconds if self._first_seconds is None else self._first_seconds
        while not self._is_stopping.wait(seconds):
            seconds = self._seconds
            with self.outliving():
                self.turn()
