"""A shelf of JSON values over SQLite.

Pickle is left out on purpose: a tampered file must not run code, and an older release must be able to read the values.
Locks, files and their faults are `store`'s business.
"""

from __future__ import annotations

import json
import shelve
import sqlite3
from collections.abc import Iterator, MutableMapping
from typing import Any

SCHEMA = "CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL)"


class SqliteMapping(MutableMapping[bytes, bytes]):
    """Bytes to bytes in one SQLite table, in the order of the keys; the caller begins and commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use the table `entries` of an open connection."""
        self.connection = connection

    def __getitem__(self, key: bytes) -> bytes:
        row = self.connection.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        if self.connection.execute("DELETE FROM entries WHERE key = ?", (key,)).rowcount == 0:
            raise KeyError(key)

    def __iter__(self) -> Iterator[bytes]:
        return self.between(b"", b"\xff")

    def __len__(self) -> int:
        return int(self.connection.execute("SELECT count(*) FROM entries").fetchone()[0])

    def between(self, first: bytes, end: bytes) -> Iterator[bytes]:
        """Yield the keys from `first` up to but not including `end`, in order."""
        query = "SELECT key FROM entries WHERE key >= ? AND key < ? ORDER BY key"
        return (bytes(key) for (key,) in self.connection.execute(query, (first, end)))


class JsonShelf(shelve.Shelf[Any]):
    """A `shelve.Shelf` whose values are JSON; a value that is no longer JSON counts as missing."""

    dict: SqliteMapping

    def __init__(self, mapping: SqliteMapping) -> None:
        """Put the shelf over an open mapping."""
        super().__init__(mapping)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        try:
            return json.loads(self.dict[key.encode()])
        except ValueError:
            raise KeyError(key) from None

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        """Return the value, or `default` when it is missing; shelve's own `get` trusts any key that is there."""
        try:
            return self[key]
        except KeyError:
            return default

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        self.dict[key.encode()] = json.dumps(value, separators=(",", ":")).encode()

    def under(self, prefix: str, *, until: str = "\x7f") -> Iterator[str]:
        """Yield the keys that start with `prefix`, in order, as long as the rest is less than `until`."""
        return (key.decode() for key in self.dict.between(prefix.encode(), (prefix + until).encode()))
