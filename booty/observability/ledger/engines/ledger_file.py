"""The life of a ledger's file: it is made, in use, set aside, followed by the next.

- Files have mode 0600, their directory 0700.
- A file that is set aside is renamed, never deleted. Its successor has another number, because SQLite deletes a
  write-ahead log by name when the last connection closes: a process that still holds the old file would take the new
  one's log with it.
- A file lock, not SQLite's busy wait, decides whose turn it is: the busy wait is unfair and starves callers on a disk
  that takes milliseconds to sync.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

LEDGER = re.compile(r"ledger-(\d+)\.sqlite3(.*)")
LOCK = "ledger.lock"
MARK_BYTES = 8
"""Of what the lock's file says: when the ledger was changed last, for those who remember what was in it."""


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A file that one process has open."""

    path: Path
    inode: int
    pid: int

    @property
    def is_ours(self) -> bool:
        """It was opened by this process, not by a parent."""
        return self.pid == os.getpid()

    @property
    def is_current(self) -> bool:
        """The file is still the one at its path, and ours: not moved, not deleted, not a parent's."""
        try:
            return self.is_ours and os.stat(self.path).st_ino == self.inode  # noqa: PTH116 - twice as fast
        except FileNotFoundError:
            return False


def held(path: Path) -> LedgerFile:
    """Return the file at `path` as this process has it open. Raises `OSError`."""
    return LedgerFile(path, path.stat().st_ino, os.getpid())


class locked:  # noqa: N801 - called like a function, and half as slow as a generator's context: each claim waits for it
    """Hold the file lock; opened anew each time, since a lock that is inherited through a fork is shared."""

    __slots__ = ("_directory", "_lock")

    def __init__(self, directory: Path) -> None:
        """Name the directory; it is made when it is missing."""
        self._directory = directory

    def __enter__(self) -> Self:
        """Wait for the lock. Raises `OSError`."""
        path, flags = f"{self._directory}/{LOCK}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            self._lock = os.open(path, flags, 0o600)
        except FileNotFoundError:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(path, flags, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def mark_change(self) -> None:
        """Let those know who remember something; best effort: they do not trust their memory for long."""
        try:
            os.pwrite(self._lock, time.time_ns().to_bytes(MARK_BYTES, "little"), 0)
        except OSError:
            return

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        os.close(self._lock)


def newest_ledger(directory: Path) -> Path | None:
    """Return the ledger in use, None when there is none; what is not a file does not count. Raises `OSError`."""
    found = (LEDGER.fullmatch(path.name) for path in directory.iterdir())
    live = [int(match[1]) for match in found if match and not match[2] and (directory / match[0]).is_file()]
    return directory / f"ledger-{max(live)}.sqlite3" if live else None


def path_in(directory: Path) -> Path:
    """Return the newest ledger's path, or one that no ledger has had. Raises `OSError`."""
    newest = newest_ledger(directory)
    if newest is not None:
        return newest
    taken = (int(match[1]) for path in directory.iterdir() if (match := LEDGER.fullmatch(path.name)))
    return directory / f"ledger-{max(taken, default=0) + 1}.sqlite3"


def make(path: Path) -> None:
    """Make the file, readable by its owner alone, unless it is there. Raises `OSError`.

    One that is there is not opened except by SQLite: closing any descriptor of it would drop the locks that another
    connection of this process holds, and then a stranger's last `close` deletes the write-ahead log under it
    (https://sqlite.org/howtocorrupt.html, section 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def set_aside(path: Path) -> str:
    """Rename the file with all that SQLite keeps beside it; return its new path. Raises `OSError`."""
    aside = f"{path}.unreadable"
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    return aside


def sync_names(directory: Path) -> None:
    """Put the directory's new names on disk. Raises `OSError`."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
