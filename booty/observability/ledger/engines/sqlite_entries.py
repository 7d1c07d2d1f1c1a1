"""The table of a ledger's file: bytes to bytes, in the order of the keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter

from booty.observability.ledger.engines.ports.entries import Entries

ROWS = 400
"""Of one statement; SQLite takes at least 999 parameters (https://sqlite.org/limits.html)."""
UPDATE = "ON CONFLICT (key) DO UPDATE SET value = excluded.value"  # REPLACE would write the index anew as well
SCHEMA = "CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL)"


class SqliteEntries(Entries):
    """The table `entries` of an open connection; the caller begins and commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use the connection; its table is there."""
        self._connection = connection

    def __getitem__(self, key: bytes) -> bytes:
        return self.read([key])[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.write({key: value})

    def __delitem__(self, key: bytes) -> None:
        if self._connection.execute("DELETE FROM entries WHERE key = ?", (key,)).rowcount == 0:
            raise KeyError(key)

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values of those keys that are there, in as few statements as possible."""
        values: dict[bytes, bytes] = {}
        for first in range(0, len(keys), ROWS):
            chunk = keys[first : first + ROWS]
            values.update(self._connection.execute(_reading(len(chunk)), chunk))
        return values

    def write(self, values: Mapping[bytes, bytes]) -> None:
        """Set many values in as few statements as possible."""
        rows = list(values.items())
        for first in range(0, len(rows), ROWS):
            chunk = rows[first : first + ROWS]
            self._connection.execute(_writing(len(chunk)), [part for row in chunk for part in row])

    def delete(self, keys: Sequence[bytes]) -> None:
        """Take keys out, whether they are there or not, in as few statements as possible."""
        for first in range(0, len(keys), ROWS):
            chunk = keys[first : first + ROWS]
            places = ", ".join("?" * len(chunk))
            self._connection.execute(f"DELETE FROM entries WHERE key IN ({places})", chunk)  # noqa: S608 - as in `read`

    def __iter__(self) -> Iterator[bytes]:
        return self.between(b"", b"\xff")

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM entries").fetchone()[0])

    def between(self, first: bytes, end: bytes) -> Iterator[bytes]:
        """Yield the keys from `first` up to but not including `end`, in order."""
        query = "SELECT key FROM entries WHERE key >= ? AND key < ? ORDER BY key"
        return map(itemgetter(0), self._connection.execute(query, (first, end)))


@cache
def _reading(keys: int) -> str:
    """Return the statement that reads so many keys; a list behind `IN` would be sorted into a table first."""
    sought = f"(VALUES {', '.join(['(?)'] * keys)}) AS sought CROSS JOIN entries"
    return f"SELECT key, CAST(value AS BLOB) FROM {sought} WHERE key = column1"  # noqa: S608 - only places


@cache
def _writing(rows: int) -> str:
    places = ", ".join(["(?, ?)"] * rows)
    return f"INSERT INTO entries VALUES {places} {UPDATE}"  # noqa: S608 - nothing but places for parameters
