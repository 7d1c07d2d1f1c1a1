"""The end of the deploy that holds the lock; `settle`, which waits for the lock, then puts things in order."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from booty_release import lock
from booty_release.layout import Layout
from booty_release.progress import say
from booty_release.request import Request

_STEPS = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))  # seconds that it is given to end
_PATIENCE = 10.0  # seconds for `settle`, which is not ours to end


def cancel(layout: Layout, request: Request) -> None:
    """End what holds the lock; if `request` names a commit, only that caller's deploy of it."""
    named = lock.holder(layout)
    if request.sha and (named is None or any(named[key] != getattr(request, key) for key in ("sha", "actor", "run"))):
        say("that deploy is not running any more; nothing was cancelled")
        return
    if named is None and _is_free(layout):
        say("no deploy is running; nothing was cancelled")
        return
    what = "{verb} {sha} by {actor} since {since}".format(**named) if named else "what holds the lock"
    say(f"ending {what}, within {sum(seconds for _, seconds in _STEPS):g} s")
    for number, seconds in _STEPS:
        for pid in _holders(layout):
            with contextlib.suppress(OSError):
                os.kill(pid, number)
        if _until(lambda: not _holders(layout), seconds):
            break
    if not _until(lambda: _is_free(layout), _PATIENCE):
        layout.lock.unlink(missing_ok=True)
        say("note: the lock was held by a process that is not a deploy; the next deploy makes another one")
    say("cancelled")


def _holders(layout: Layout) -> list[int]:
    """Return the processes of this user that have the lock file open: the deploy, and the pip that it left behind."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if path.readlink() == layout.lock:
                found.add(int(path.parts[2]))
    return sorted(found - {os.getpid()})


def _is_free(layout: Layout) -> bool:
    try:
        file = os.open(layout.lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        return lock.is_free(file)
    finally:
        os.close(file)


def _until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.1)  # between two looks: nothing says when another process has ended
    return held
