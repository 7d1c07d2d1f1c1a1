"""A ledger's file that is left for a database: read while nobody has it open, then kept under another name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname

from booty.observability.ledger.engines.engine import Damaged
from booty.observability.ledger.engines.ledger_file import LEDGER, locked, newest_ledger, sync_names
from booty.observability.ledger.engines.open_ledger import is_unreadable
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit
from booty.observability.ledger.engines.reading import acting_as_owner, newest
from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.sqlite_entries import SCHEMA, SqliteEntries
from booty.observability.ledger.engines.version import known_version

MOVED = ".moved"
ROWS = "SELECT CAST(key AS BLOB), CAST(value AS BLOB) FROM entries"
BUSY_SECONDS = 1.0


class InUse(Exception):
    """Another process has the file open, and may go on writing to it."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file that nobody else has open, as long as it is held."""

    path: Path
    connection: sqlite3.Connection

    @property
    def mark(self) -> str:
        """A name of this file that no other has."""
        return f"{gethostname()}:{self.path.stat().st_ino}:{self.path.name}"

    def count(self) -> int:
        """Return how many records it holds."""
        return len(SqliteEntries(self.connection))

    def rows(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield all records."""
        yield from self.connection.execute(ROWS)

    def leave(self) -> Path:
        """Give it a name that no release opens; return that."""
        kept = self.path.with_name(self.path.name + MOVED)
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{self.path}{suffix}").unlink()  # empty: all of it is in the file by now
        self.path.rename(kept)
        sync_names(kept.parent)
        return kept


@contextmanager
def left_file(directory: Path) -> Iterator[Leaving | None]:
    """Lend the ledger in use, None where there is none. Raises `InUse`, `Damaged`, `NewerLedger`, `OSError`."""
    path = newest(directory)
    if path is None:
        yield None
        return
    try:
        with acting_as_owner(path), locked(directory), closing(_connected(path)) as connection:
            _take_alone(connection)
            connection.execute(SCHEMA)
            known_version(JsonShelf(SqliteEntries(connection)))
            yield Leaving(path, connection)
    except sqlite3.DatabaseError as error:
        if not is_unreadable(error):
            raise
        raise Damaged(str(error)) from error


def moved_file(directory: Path) -> Path | None:
    """Return the ledger that was moved away from a directory in which there is no other, None if none was."""
    if not directory.exists() or newest_ledger(directory) is not None:
        return None
    found = (match for path in directory.iterdir() if (match := LEDGER.fullmatch(path.name)) and match[2] == MOVED)
    last = max(found, key=lambda match: int(match[1]), default=None)
    return None if last is None else directory / last[0]


def require_moved(directory: Path) -> None:
    """Return when no ledger is left in a directory. Raises `Unfit`."""
    with suppress(OSError):
        path = newest(directory)
        if path is not None:
            raise Unfit(f"{path} has not been moved to it yet", "booty move-ledger", is_passing=True)


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


def _take_alone(connection: sqlite3.Connection) -> None:
    """Leave the write-ahead log, which only the last connection can (https://sqlite.org/wal.html). Raises `InUse`."""
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
        mode = "wal"
    if mode != "delete":
        raise InUse
