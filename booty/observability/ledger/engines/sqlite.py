"""The file-locked store: one durable transaction at a time over all processes.

Guarantees
- `transact` returns only after its changes are on disk (SQLite in WAL mode, synchronous=FULL) and raises `NotStored`
  when none of them is. Killed at any moment, a transaction is there as a whole or not at all.
- Changes that need not be lasting are written likewise, but not synced (synchronous=NORMAL): they survive the end of
  the process, not a power cut, unless a lasting change followed (https://sqlite.org/pragma.html#pragma_synchronous).
- Work of threads that wait for their turn shares one commit: one fsync serves all of them.
- A file lock, not SQLite's busy wait, decides whose turn it is: the busy wait is unfair and starves callers on a disk
  that takes milliseconds to sync.
- An unreadable file is moved aside, never deleted, and a new one takes over. Its successor has another name, because
  SQLite deletes a write-ahead log by name when the last connection closes: a process that still holds the old file
  would take the new one's log with it.
- What was deleted is overwritten, in the file at once, in the write-ahead log with the next `tidy`.
- Nothing is opened before the first transaction, and nothing that was opened is used after a fork.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from booty.observability.ledger.engines.shelf import SCHEMA, JsonShelf, SqliteMapping
from booty.observability.ledger.engines.version import NewerLedger, admit

log = logging.getLogger(__name__)

LEDGER = re.compile(r"ledger-(\d+)\.sqlite3(.*)")
LOCK = "ledger.lock"

BUSY_SECONDS = 0.5  # somebody's sqlite3 shell on the file: Sentry waits one second in all
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA journal_size_limit = 16777216",  # what the write-ahead log shrinks back to after a burst, bytes
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten; costs no time that could be measured
)
LASTING, PASSING = "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"
UNREADABLE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

Result = TypeVar("Result")
Job = Callable[[JsonShelf], Result]


class NotStored(Exception):
    """Nothing was written: the disk is full, or the state directory cannot be used."""


@dataclass(slots=True)
class _Turn(Generic[Result]):
    """One caller's work, waiting for a thread that does it."""

    work: Job[Result]
    reads: tuple[str, ...]
    is_lasting: bool
    results: list[Result] = field(default_factory=list)
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        return bool(self.results) or self.error is not None


@dataclass(slots=True)
class _Open:
    """What one process holds open."""

    path: Path
    inode: int
    pid: int
    shelf: JsonShelf
    syncing: str = ""

    @property
    def is_current(self) -> bool:
        """Say whether the file is still the one at its path, and ours: not moved, not deleted, not a parent's."""
        try:
            return self.pid == os.getpid() and self.path.stat().st_ino == self.inode
        except FileNotFoundError:
            return False

    def sync_as(self, level: str) -> None:
        """Choose how the next commits reach the disk; between two of them, since BEGIN fixes it for its own."""
        if level != self.syncing:
            self.shelf.dict.connection.execute(level)
            self.syncing = level


class Store:
    """The store in one directory; any number of threads and processes may use it at once."""

    def __init__(self, directory: Path, *, release: str | None = None) -> None:
        """Name the directory; it is made, mode 0700, with the first transaction.

        `release` is whose records the ledger says it holds, where it says nothing yet.
        """
        self.directory = directory
        self._release = release
        self._turns: deque[_Turn[Any]] = deque()
        self._serving = Lock()
        self._open: _Open | None = None
        self._abandoned: list[_Open] = []

    def transact(self, work: Job[Result], *, reads: tuple[str, ...] = (), is_lasting: bool = True) -> Result:
        """Run `work` on the shelf in one transaction and return what it returns, once it is on disk.

        `work` must be quick, must not raise, and may run twice. `reads` are keys that it will ask for: those of all who
        share a commit are read at once. What is not lasting may be lost by a power cut. Raises `NotStored`.
        """
        turn = _Turn(work, reads, is_lasting)
        self._turns.append(turn)
        with self._serving:
            if not turn.is_over:
                self._serve()
        if turn.error is not None:
            raise turn.error
        return turn.results[0]

    def tidy(self) -> None:
        """Empty the write-ahead log into the file, so that nothing that was deleted lingers in either.

        While somebody else reads the file, nothing happens. Raises `NotStored`.
        """
        try:
            with self._serving, self._locked():
                self._current().shelf.dict.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except (sqlite3.Error, OSError, NewerLedger) as error:
            raise NotStored(str(error)) from error

    def _serve(self) -> None:
        turns: list[_Turn[Any]] = []
        try:
            with self._locked():
                turns = self._take_turns()  # only now: whoever came while another process held the lock joins
                self._commit_readably(turns)
        except (sqlite3.Error, OSError, NewerLedger) as error:
            log.error("not_stored", extra={"reason": str(error)})  # noqa: TRY400 - no bug of ours, no traceback
            for turn in turns or self._take_turns():
                turn.error = NotStored(str(error))
        except Exception as error:  # noqa: BLE001 - handed to every caller of this commit, each raises it
            for turn in turns:
                turn.error = error

    def _take_turns(self) -> list[_Turn[Any]]:
        return [self._turns.popleft() for _ in range(len(self._turns))]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the file lock; opened anew each time, since a lock that is inherited through a fork is shared."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            lock = os.open(self.directory / LOCK, flags, 0o600)
        except FileNotFoundError:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.directory / LOCK, flags, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _commit_readably(self, turns: list[_Turn[Any]]) -> None:
        try:
            self._commit(turns)
        except sqlite3.DatabaseError as error:
            if _primary_code(error) not in UNREADABLE:
                raise
            self._move_aside(str(error))
            self._commit(turns)

    def _commit(self, turns: list[_Turn[Any]]) -> None:
        opened = self._current()
        shelf = opened.shelf
        connection = shelf.dict.connection
        try:
            opened.sync_as(LASTING if any(turn.is_lasting for turn in turns) else PASSING)
            connection.execute("BEGIN")
            shelf.read_ahead(key for turn in turns for key in turn.reads)
            results = [turn.work(shelf) for turn in turns]
            shelf.sync()
            connection.execute("COMMIT")
        except BaseException:
            shelf.discard()
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        for turn, result in zip(turns, results, strict=True):
            turn.results.append(result)

    def _current(self) -> _Open:
        if self._open is not None and not self._open.is_current:
            self._abandoned.append(self._open)  # closing it could delete the log of the file now at its path
            self._open = None
        if self._open is None:
            self._open = _open(self._path(), self._release)
        return self._open

    def _path(self) -> Path:
        """Return the newest ledger's path, or one that no ledger has had."""
        newest = newest_ledger(self.directory)
        if newest is not None:
            return newest
        taken = (int(match[1]) for path in self.directory.iterdir() if (match := LEDGER.fullmatch(path.name)))
        return self.directory / f"ledger-{max(taken, default=0) + 1}.sqlite3"

    def _move_aside(self, reason: str) -> None:
        if self._open is not None:
            with suppress(sqlite3.Error):
                self._open.shelf.dict.connection.close()
            self._open = None
        path = self._path()
        aside = f"{path}.unreadable"
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
        log.critical("ledger_moved_aside", extra={"reason": reason, "kept_as": aside})


def newest_ledger(directory: Path) -> Path | None:
    """Return the ledger in use, None when there is none; what is no file is none. Raises `OSError`."""
    found = (LEDGER.fullmatch(path.name) for path in directory.iterdir())
    live = [int(match[1]) for match in found if match and not match[2] and (directory / match[0]).is_file()]
    return directory / f"ledger-{max(live)}.sqlite3" if live else None


def _open(path: Path, release: str | None) -> _Open:
    """Open or create the ledger at `path`, readable by its owner alone. Raises `NewerLedger`.

    A file that is there is not opened but by SQLite: closing any descriptor of it would drop the locks that another
    connection of this process holds, and then a stranger's last `close` deletes the write-ahead log under it
    (https://sqlite.org/howtocorrupt.html, section 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for statement in (*PRAGMAS, SCHEMA):
            connection.execute(statement)
        shelf = JsonShelf(SqliteMapping(connection))
        _admit(shelf, release)
        _sync_directory(path.parent)
    except BaseException:
        connection.close()
        raise
    return _Open(path, path.stat().st_ino, os.getpid(), shelf)


def _admit(shelf: JsonShelf, release: str | None) -> None:
    """Ask whether this release may use the ledger; damage counts only where it is in the way of an alert."""
    try:
        admit(shelf, release=release, now=time.time())
        shelf.sync()
    except sqlite3.DatabaseError as error:
        shelf.discard()
        if _primary_code(error) not in UNREADABLE:
            raise


def _sync_directory(directory: Path) -> None:
    """Put the directory's new names on disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _primary_code(error: sqlite3.DatabaseError) -> int:
    """Return SQLite's primary result code, the low byte of the extended one (https://sqlite.org/rescode.html)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
