"""Whether the state directory can take alerts within Sentry's one second, for the service alone.

What is tried is tried with a file that has no name: nothing is left behind, and the service beside is not disturbed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from shlex import quote
from tempfile import TemporaryFile

from booty.observability.config import state_directory
from booty.observability.ledger.findings import LEAST_SPACE
from booty.observability.ops.doctor.check import Check, Level, worst_of

NAME = "state directory"
SCARCE_SPACE = 100 * 1024 * 1024
"""Bytes."""
SLOW_MS, TOO_SLOW_MS = 100.0, 500.0
"""Of one fsync: a 202 waits for at least one, behind those of the alerts before it."""
TRIES = 5
PAGE = bytes(4096)
OWN = "let the service's user, who runs this, alone own it: chown -R $(id -un) {path} && chmod 700 {path}"
FOREIGN = "where the service runs as that user, run this as it: sudo -u '#{owner}' booty doctor; else: {own}"


def check_state(directory: Path, *, sync_ms: Callable[[Path], float] | None = None) -> Check:
    """Return how the state directory stands; `sync_ms` measures its disk, as milliseconds of an fsync."""
    path = quote(str(directory.absolute()))
    try:
        if (fault := state_directory.fault_of(directory)) is not None:
            return Check(NAME, "FAIL", fault, _remedy(fault, directory))
        if not directory.exists():
            return Check(NAME, "ok", f"{directory} is not there yet; the service makes it")
        free = state_directory.free_bytes(directory)
        if free is not None and free < LEAST_SPACE:
            return _full(path, free)
        milliseconds = (sync_ms or best_sync_ms)(directory)
    except OSError as error:
        return _full(path, 0) if error.errno in state_directory.FULL else _broken(path, error)
    mode = directory.stat().st_mode & 0o777
    told = f"{directory}, mode {mode:04o}, {_room(free)} free, fsync {milliseconds:.1f} ms"
    return worst_of(NAME, _oddities(path, mode, free, milliseconds), otherwise=told)


def best_sync_ms(directory: Path) -> float:
    """Return how many milliseconds the fastest of some small fsyncs took. Raises `OSError`.

    The fastest says what the disk can do; others may have waited for somebody else's writes.
    """
    fastest = inf
    with TemporaryFile(dir=directory, buffering=0) as file:
        for _ in range(TRIES):
            began = time.perf_counter()
            file.write(PAGE)
            os.fsync(file.fileno())
            fastest = min(fastest, time.perf_counter() - began)
    return fastest * 1000


def _oddities(path: str, mode: int, free: int | None, milliseconds: float) -> Iterator[tuple[Level, str, str]]:
    if mode & 0o077:
        yield "warn", f"others may look into it (mode {mode:04o})", f"chmod 700 {path}"
    if free is not None and free < SCARCE_SPACE:
        yield "warn", f"only {_room(free)} are free", f"make room: df -h {path}"
    if milliseconds > SLOW_MS:
        level: Level = "FAIL" if milliseconds > TOO_SLOW_MS else "warn"
        seen = f"an fsync takes {milliseconds:.0f} ms at best, and Sentry waits one second"
        yield level, seen, "set BOOTY_STATE_DIR to a directory on a faster local disk"


def _remedy(fault: str, directory: Path) -> str:
    own = OWN.format(path=quote(str(directory.absolute())))
    nearest = next(path for path in (directory.absolute(), *directory.absolute().parents) if path.exists())
    if "not a directory" in fault or "cannot hold" in fault or os.statvfs(nearest).f_flag & os.ST_RDONLY:
        return "set BOOTY_STATE_DIR to a directory on a local disk that is mounted for writing"
    if fault.endswith(")"):  # it names the command
        return fault.rpartition("(")[2].rstrip(")")
    return FOREIGN.format(owner=directory.stat().st_uid, own=own) if fault.endswith("another user") else own


def _full(path: str, free: int) -> Check:
    return Check(NAME, "FAIL", f"no room: {_room(free)} are free, and alerts are refused", f"make room: df -h {path}")


def _broken(path: str, error: OSError) -> Check:
    return Check(NAME, "FAIL", f"it cannot be used: {error.strerror or error}", OWN.format(path=path))


def _room(free: int | None) -> str:
    return "an unknown room" if free is None else f"{free / 1024**2:,.0f} MiB"
