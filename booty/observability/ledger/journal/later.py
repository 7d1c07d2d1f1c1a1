"""Work that is put off for a moment, so that it is done once for all who ask for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Timer


class Later:
    """Does the work once, however often it is asked for meanwhile; a thread runs only while somebody waits for it."""

    def __init__(self, work: Callable[[], None]) -> None:
        """Take the work, which must not raise."""
        self._work = work
        self._lock = Lock()
        self._timer: Timer | None = None

    def within(self, seconds: float) -> None:
        """Do it that much later at the latest."""
        if self._timer is not None:  # it will see what the caller wants done: it is none before it begins
            return
        with self._lock:
            if self._timer is None:
                self._timer = Timer(seconds, self.now)
                self._timer.daemon = True
                self._timer.start()

    def now(self) -> None:
        """Do it at once."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
        self._work()
