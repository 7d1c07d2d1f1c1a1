"""One deploy at a time: a kernel lock that dies with its holder, so that it can never be stale.

Whoever holds it has it as stdin, and so has everything that it starts, through sudo too, which closes all else: a pip
or a `systemctl` of a deploy that was killed comes to its end before anybody puts things in order.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import time
from collections.abc import Iterator
from typing import Any

from booty_release.layout import Layout
from booty_release.outcome import ExitCode, Stopped
from booty_release.request import Request

_ENDS = (signal.SIGTERM, signal.SIGINT)  # cancel's, and Ctrl-C's on the droplet itself
_PATIENCE = 10.0  # seconds given to `settle`, which holds the lock for moments without naming itself


@contextlib.contextmanager
def held(layout: Layout, request: Request, *, now: str) -> Iterator[None]:
    """Hold the lock in the name of `request`.

    Raises Stopped: LOCKED, saying who is deploying what, since when; CANCELLED when the caller has gone by now.
    """
    lock = _open(layout)
    try:
        _acquire(lock, layout)
        holder = {"verb": request.verb, "sha": request.sha, "actor": request.actor, "run": request.run}
        os.ftruncate(lock, 0)
        os.pwrite(lock, json.dumps({**holder, "since": now, "pid": os.getpid()}).encode(), 0)
        before = {number: signal.signal(number, _cancelled) for number in _ENDS}
        try:
            _require_caller()  # who looked for the holder before its name was there hangs up, then looks again
            with _as_stdin(lock):
                yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        os.ftruncate(lock, 0)
    finally:
        os.close(lock)


@contextlib.contextmanager
def _as_stdin(lock: int) -> Iterator[None]:
    before = os.dup(0)
    os.dup2(lock, 0)
    try:
        yield
    finally:
        os.dup2(before, 0)
        os.close(before)


def _open(layout: Layout) -> int:
    """Open the lock file, which nobody but us may: who can read it can hold it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        lock = os.open(layout.lock, flags, 0o600)
    except PermissionError:  # root left it; the folder is ours
        layout.lock.unlink()
        lock = os.open(layout.lock, flags, 0o600)
    os.fchmod(lock, 0o600)  # earlier releases made it readable
    return lock


def _require_caller() -> None:
    out = select.poll()
    out.register(1, 0)
    if out.poll(0):  # nobody has the other end of it
        raise Stopped(ExitCode.CANCELLED, "who asked for this hung up before it began", "run it again")


def _cancelled(*_: object) -> None:
    for number in _ENDS:
        signal.signal(number, signal.SIG_IGN)  # once is enough: what follows puts things in order
    raise Stopped(ExitCode.CANCELLED, "this deploy was cancelled", "look (./deploy.sh status), then deploy again")


def _acquire(lock: int, layout: Layout) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        with contextlib.suppress(BlockingIOError):
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        named = holder(layout)
        if named or time.monotonic() > deadline:
            who = "{verb} {sha} by {actor} since {since} (run {run})".format(**named) if named else "an unfinished step"
            advice = "wait for it to end (./deploy.sh status), or end it: ./deploy.sh cancel"
            raise Stopped(ExitCode.LOCKED, f"locked: {who}", advice)
        time.sleep(0.1)  # between two tries: flock(2) has no time limit of its own


def holder(layout: Layout) -> dict[str, Any] | None:
    """Return what the running deploy wrote about itself; None when there is none.

    Its number alone proves nothing: after a kill or a reboot another process may have it.
    """
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError), layout.lock.open(encoding="utf-8") as lock:
        if is_free(lock.fileno()):
            return None
        named: dict[str, Any] = json.load(lock)
        os.kill(int(named["pid"]), 0)
        return named
    return None


def is_free(lock: int) -> bool:
    """Return whether nobody holds the lock file that is open as `lock`."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)  # given back when the file is closed
        return True
    return False


@contextlib.contextmanager
def awaited(layout: Layout) -> Iterator[None]:
    """Wait until no deploy is running, for `settle`, then hold the lock; where there is none yet, nothing.

    Runs as root in a folder of another user: opens read-only, follows no link, creates nothing.
    """
    try:
        lock = os.open(layout.lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        yield
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _as_stdin(lock):
            yield
    finally:
        os.close(lock)
