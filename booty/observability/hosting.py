"""Starting by itself in a host's processes, except in those that only fork the others.

A host may load its application before it forks its workers (gunicorn's `preload_app`) or in each of them; nothing tells
beforehand. So a process waits for a moment. If it forks meanwhile, it is the workers' parent: its wait ends for good,
and each child waits in its place. No thread is alive while the fork happens.

After any fork the child gets parts of its own: a lock that some thread of the parent held would never open again.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from threading import Event, Thread
from weakref import WeakSet

START_SECONDS = 2.0
"""How long a process waits for a fork; loading the rest of the host may take that long."""


class Hosted:
    """What runs in a host's processes; keep it as long as the host's application."""

    def __init__(
        self, *, start: Callable[[], None], stop: Callable[[], None], renew: Callable[[], None], seconds: float
    ) -> None:
        """Call `start` `seconds` from now in this process or in those that it forks, `stop` when they end.

        `renew` replaces the parts that `start` and `stop` work on, in a child that was just forked.
        """
        self._start = start
        self._stop = stop
        self._renew = renew
        self._seconds = seconds
        self._is_due = True
        self._is_called_off = Event()
        self._thread: Thread | None = None
        _hosted.add(self)
        self._wait()

    def _wait(self) -> None:
        self._is_called_off = Event()
        self._thread = Thread(target=self._start_soon, args=(self._is_called_off,), name="hosted", daemon=True)
        self._thread.start()

    def _start_soon(self, is_called_off: Event) -> None:
        if not is_called_off.wait(self._seconds):
            self._is_due = False
            self._start()

    def before_fork(self) -> None:
        """Wait no longer."""
        if self._thread is not None:
            self._is_called_off.set()
            self._thread.join()
            self._thread = None

    def after_fork_in_child(self) -> None:
        """Wait in the parent's place, unless it has started: then it goes on there."""
        self._renew()
        if self._is_due:
            self._wait()

    def end(self) -> None:
        """Finish what is under way."""
        self._is_called_off.set()
        self._stop()


_hosted: WeakSet[Hosted] = WeakSet()


def _in_each(step: Callable[[Hosted], None]) -> Callable[[], None]:
    def each() -> None:
        for hosted in list(_hosted):
            step(hosted)

    return each


os.register_at_fork(before=_in_each(Hosted.before_fork), after_in_child=_in_each(Hosted.after_fork_in_child))
atexit.register(_in_each(Hosted.end))
