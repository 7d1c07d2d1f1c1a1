"""The directory of the ledger, checked before the service starts.

That is tried with a file that has no name, so that nothing is made and nothing is left behind, even by `kill -9`.
"""

from __future__ import annotations

import errno
import mmap
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
LEDGERS = re.compile(r"ledger\.lock|ledger-\d+\.sqlite3(-wal|-shm)?")


def named_in(environ: Mapping[str, str]) -> Path:
    """Return the directory that the environment names, in systemd's way (`StateDirectory`) if not in ours."""
    return Path(environ.get("BOOTY_STATE_DIR") or environ.get("STATE_DIRECTORY", "").split(":")[0] or "var")


def fault_of(directory: Path) -> str | None:
    """Return why `directory` cannot hold the ledger, None when it can, or could once it is made.

    A full disk is not a fault: the service answers 503 until there is room.
    """
    fault, nearest = rights_fault(directory) or _foreign_fault(directory), _nearest(directory)
    if fault is not None:
        return fault
    try:
        _try(nearest)
    except OSError as error:
        return None if error.errno in FULL else f"{nearest} cannot hold a ledger: {error.strerror or error}"
    return None


def free_bytes(directory: Path) -> int | None:
    """Return the room that is left for `directory`, None where its filesystem does not say. Raises `OSError`."""
    room = os.statvfs(directory)
    return room.f_bavail * room.f_frsize if room.f_blocks else None


def shape_fault(directory: Path) -> str | None:
    """Return why `directory` is not a directory and cannot become one, as far as its name shows."""
    nearest = _nearest(directory)
    if not nearest.is_dir():
        return f"{nearest} is not a directory"
    try:
        directory.stat()
    except OSError as error:
        return f"{directory}: {error.strerror}" if error.errno == errno.ENAMETOOLONG else None
    return None


def rights_fault(directory: Path) -> str | None:
    """Return why this user could not make or write a ledger in `directory`, as far as can be seen without writing."""
    nearest, fault = _nearest(directory), shape_fault(directory)
    if fault is not None:
        return fault
    if not _may(nearest, os.W_OK | os.X_OK):
        return f"this user may not write to {nearest}"
    for path in nearest.iterdir() if nearest == directory.absolute() and _may(nearest, os.R_OK) else ():
        if LEDGERS.fullmatch(path.name) and not _may(path, os.R_OK | os.W_OK):
            return f"this user may not write to {path}"
    return None


def _foreign_fault(directory: Path) -> str | None:
    """Return who else could change or replace what is in `directory`, which decides what is filed in our name.

    In a directory with the sticky bit, as `/tmp` is, nobody can replace another's. The group's write bit covers
    access control lists as well (acl(5)); above the directory itself it is common and harmless, for one's own group.
    Where symbolic links lead to it, both ways there count.
    """
    nearest = _nearest(directory)
    real = nearest.resolve()
    for path in dict.fromkeys((nearest, *nearest.parents, *real.parents)):
        found = path.stat()
        others = stat.S_IWOTH | stat.S_IWGRP if path == directory.absolute() else stat.S_IWOTH
        if found.st_mode & others and not (found.st_mode & stat.S_ISVTX and path != directory.absolute()):
            return f"users other than its owner may write to {path} (chmod go-w {path})"
    owners = {nearest.stat().st_uid, nearest.lstat().st_uid}
    if nearest == directory.absolute() and not owners <= {0, os.geteuid()}:
        return f"{nearest} belongs to another user"
    return None


def _nearest(directory: Path) -> Path:
    """Return `directory`, or the nearest path above it that exists, even if that is a dangling link."""
    return next(path for path in (directory.absolute(), *directory.absolute().parents) if os.path.lexists(path))


def _try(directory: Path) -> None:
    """Do what a ledger needs of its filesystem: a file, locks, shared memory. Raises `OSError`."""
    with TemporaryFile(dir=directory, buffering=0) as file:
        os.lockf(file.fileno(), os.F_LOCK, 0)  # SQLite's own; a filesystem that lacks flock(2) lacks these as well
        file.truncate(mmap.PAGESIZE)
        mmap.mmap(file.fileno(), mmap.PAGESIZE).close()  # of the write-ahead log; mapped only: nothing is written


def _may(path: Path, mode: int) -> bool:
    """Ask for the rights of the user that this process acts as."""
    return os.access(path, mode, effective_ids=True)
