"""One ledger as a process has it open: its file, connected to as the promises of the engine need it."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from booty.observability.ledger.engines.ledger_file import LedgerFile, held, make, sync_names
from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.sqlite_entries import SCHEMA, SqliteEntries
from booty.observability.ledger.engines.version import admit

BUSY_SECONDS = 0.5  # somebody's sqlite3 shell on the file: Sentry waits one second in all
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA journal_size_limit = 16777216",  # what the write-ahead log shrinks back to after a burst, bytes
    "PRAGMA wal_autocheckpoint = 2000",  # pages, of SQLite's 1,000: each is copied into the file half as often
    "PRAGMA temp_store = MEMORY",  # to undo half a statement; each commit made a file for that, and deleted it
    "PRAGMA cache_size = -512",  # KiB, of SQLite's 2,000: a claim takes as long, and each process keeps it
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten; costs no time that could be measured
)
LASTING, PASSING = "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"
UNREADABLE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(slots=True)
class OpenLedger:
    """What one process holds open; `syncing` is how its last commit reached the disk."""

    file: LedgerFile
    connection: sqlite3.Connection
    shelf: JsonShelf
    syncing: str = ""

    def sync_as(self, level: str) -> None:
        """Choose how the next commits reach the disk; between two of them, since BEGIN fixes it for its own."""
        if level != self.syncing:
            self.connection.execute(level)
            self.syncing = level


def open_ledger(path: Path, release: str | None) -> OpenLedger:
    """Open or create the ledger at `path`. Raises `NewerLedger`, `sqlite3.Error`, `OSError`."""
    make(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for statement in (*PRAGMAS, SCHEMA):
            connection.execute(statement)
        shelf = JsonShelf(SqliteEntries(connection))
        _admit(shelf, release)
        sync_names(path.parent)
    except BaseException:
        connection.close()
        raise
    return OpenLedger(held(path), connection, shelf)


def _admit(shelf: JsonShelf, release: str | None) -> None:
    """Ask whether this release may use the ledger; damage counts only where it is in the way of an alert."""
    try:
        admit(shelf, release=release, now=time.time())
        shelf.sync()
    except sqlite3.DatabaseError as error:
        shelf.discard()
        if not is_unreadable(error):
            raise


def is_unreadable(error: sqlite3.Error) -> bool:
    """Return whether the file is damaged, or no database at all.

    The primary result code is the low byte of the extended one (https://sqlite.org/rescode.html).
    """
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in UNREADABLE
