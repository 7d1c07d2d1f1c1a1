"""A look at a few records as they are now, on a connection of its own that only reads: no lock, nobody waits.

What was looked at is remembered until anybody commits anything, which SQLite tells at a fraction of the cost
(https://sqlite.org/pragma.html#pragma_data_version).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

from pydantic_core import from_json

from booty.observability.ledger.engines.ledger_file import LedgerFile

CACHE_PRAGMA = "PRAGMA cache_size = -128"  # KiB: a look is for a few rows
MOST = 500
"""Records that are remembered: some kilobytes each."""


class Glimpse:
    """The reading connection of one process; it sees what was committed before the look, by whomever."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._looking = Lock()
        self._file: LedgerFile | None = None
        self._connection: sqlite3.Connection | None = None
        self._abandoned: list[sqlite3.Connection] = []
        self._version: object = None
        self._records: dict[str, Any] = {}

    def look(self, file: LedgerFile, keys: Sequence[str]) -> list[Any]:
        """Return the records, None for each that is missing. Raises `sqlite3.Error`.

        They are the same objects as long as nothing changed, and nobody's to change.
        """
        with self._looking:
            connection = self._opened(file)
            version = connection.execute("PRAGMA data_version").fetchone()
            if version != self._version or len(self._records) > MOST:
                self._version, self._records = version, {}
            if unseen := [key for key in keys if key not in self._records]:
                self._records |= _found(connection, unseen)
            return [self._records[key] for key in keys]

    def close(self) -> None:
        """Let go of what is open."""
        with self._looking:
            if self._connection is not None:
                self._connection.close()
            self._connection = self._file = None

    def _opened(self, file: LedgerFile) -> sqlite3.Connection:
        if self._connection is None or self._file != file:
            if self._connection is not None:  # a parent's, or of a file that was moved: see `SqliteEngine`
                self._abandoned.append(self._connection)
            address = f"{file.path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(address, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
            for pragma in ("PRAGMA query_only = ON", CACHE_PRAGMA):
                connection.execute(pragma)
            self._connection, self._file, self._version = connection, file, None
        return self._connection


def _found(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Any]:
    marks = ",".join("?" * len(keys))
    names = [key.encode() for key in keys]
    rows = connection.execute(f"SELECT key, value FROM entries WHERE key IN ({marks})", names)  # noqa: S608 - question marks
    found = dict(rows.fetchall())
    return {key: _record(found.get(name)) for key, name in zip(keys, names, strict=True)}


def _record(value: bytes | None) -> Any:  # noqa: ANN401 - any JSON value
    with suppress(ValueError):
        return None if value is None else from_json(value)
    return None
