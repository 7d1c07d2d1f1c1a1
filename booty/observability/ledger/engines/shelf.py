"""A shelf of JSON values over SQLite.

Pickle is left out on purpose: a tampered file must not run code, and an older release must be able to read the values.
Locks, files and their faults are `store`'s business.
"""

from __future__ import annotations

import shelve
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic_core import from_json, to_json

ROWS = 400
"""Of one statement; SQLite takes at least 999 parameters (https://sqlite.org/limits.html)."""
UPDATE = "ON CONFLICT (key) DO UPDATE SET value = excluded.value"  # REPLACE would write the index anew as well
MISSING = b" "
"""Stands for a value that is known not to be there."""
SCHEMA = "CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL)"


class SqliteMapping(MutableMapping[bytes, bytes]):
    """Bytes to bytes in one SQLite table, in the order of the keys; the caller begins and commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use the table `entries` of an open connection."""
        self.connection = connection

    def __getitem__(self, key: bytes) -> bytes:
        return self.read([key])[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.write({key: value})

    def __delitem__(self, key: bytes) -> None:
        if self.connection.execute("DELETE FROM entries WHERE key = ?", (key,)).rowcount == 0:
            raise KeyError(key)

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values of those keys that are there, in as few statements as may be."""
        values: dict[bytes, bytes] = {}
        for first in range(0, len(keys), ROWS):
            chunk = keys[first : first + ROWS]
            places = ", ".join("?" * len(chunk))
            query = f"SELECT key, CAST(value AS BLOB) FROM entries WHERE key IN ({places})"  # noqa: S608 - only places
            values.update(self.connection.execute(query, chunk))
        return values

    def write(self, values: Mapping[bytes, bytes]) -> None:
        """Set many values in as few statements as may be."""
        rows = list(values.items())
        for first in range(0, len(rows), ROWS):
            chunk = rows[first : first + ROWS]
            places = ", ".join(["(?, ?)"] * len(chunk))
            self.connection.execute(
                f"INSERT INTO entries VALUES {places} {UPDATE}",  # noqa: S608 - nothing but places for parameters
                [part for row in chunk for part in row],
            )

    def __iter__(self) -> Iterator[bytes]:
        return self.between(b"", b"\xff")

    def __len__(self) -> int:
        return int(self.connection.execute("SELECT count(*) FROM entries").fetchone()[0])

    def between(self, first: bytes, end: bytes) -> Iterator[bytes]:
        """Yield the keys from `first` up to but not including `end`, in order."""
        query = "SELECT key FROM entries WHERE key >= ? AND key < ? ORDER BY key"
        return (bytes(key) for (key,) in self.connection.execute(query, (first, end)))


class JsonShelf(shelve.Shelf[Any]):
    """A `shelve.Shelf` whose values are JSON; a value that is no longer JSON counts as missing.

    What is set is kept back until `sync`, or until something that needs all of it. Each statement of SQLite lets other
    threads run before it returns, so that few are made of many.
    """

    dict: SqliteMapping

    def __init__(self, mapping: SqliteMapping) -> None:
        """Put the shelf over an open mapping."""
        super().__init__(mapping)
        self._kept_back: dict[bytes, bytes] = {}
        self._read: dict[bytes, bytes] = {}

    def read_ahead(self, keys: Iterable[str]) -> None:
        """Read at once what is going to be asked for, until `sync` or `discard`."""
        names = {_name(key) for key in keys}
        self._read = dict.fromkeys(names, MISSING) | self.dict.read(list(names))

    def sync(self) -> None:
        """Write what was kept back."""
        self.dict.write(self._kept_back)
        self.discard()

    def discard(self) -> None:
        """Forget what was kept back, and what was read ahead."""
        self._kept_back.clear()
        self._read.clear()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        name = _name(key)
        value = self._kept_back.get(name) or self._read.get(name) or self.dict[name]
        if value is MISSING:
            raise KeyError(key)
        try:
            return from_json(value)
        except ValueError:
            raise KeyError(key) from None

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        """Return the value, or `default` when it is missing; shelve's own `get` trusts any key that is there."""
        try:
            return self[key]
        except KeyError:
            return default

    def pop(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        """Take the key out and return its value, or `default` when it is missing; the key is gone in any case."""
        value = self.get(key, default)
        with suppress(KeyError):
            del self[key]
        return value

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        self._kept_back[_name(key)] = to_json(value)

    def __delitem__(self, key: str) -> None:
        self.sync()
        del self.dict[_name(key)]

    def __contains__(self, key: object) -> bool:
        self.sync()
        return isinstance(key, str) and _name(key) in self.dict

    def __iter__(self) -> Iterator[str]:
        self.sync()
        return map(_key, self.dict)

    def __len__(self) -> int:
        self.sync()
        return super().__len__()

    def under(self, prefix: str, *, until: str = "\U0010ffff") -> Iterator[str]:
        """Yield the keys that start with `prefix`, in order, as long as the rest is less than `until`."""
        self.sync()
        return map(_key, self.dict.between(_name(prefix), _name(prefix + until)))


def _name(key: str) -> bytes:
    """Return a key as SQLite has it; what was no UTF-8 there, as in a damaged file, is written back as it was."""
    return key.encode(errors="surrogateescape")


def _key(name: bytes) -> str:
    return name.decode(errors="surrogateescape")


def sortable(seconds: float) -> str:
    """Return a time as digits that sort as text, in milliseconds."""
    return f"{round(seconds * 1000):015d}"
