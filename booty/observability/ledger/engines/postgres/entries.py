"""The table of a ledger in PostgreSQL: bytes to bytes, in the order of the keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat

from booty.observability.ledger.engines.postgres.connection.wire import Wire
from booty.observability.ledger.engines.shelf import Entries

PAGES = (16, 128, 1000)
"""Keys that are read at once: few at first, since most want only the next one or two."""
SCHEMA = "CREATE TABLE IF NOT EXISTS booty_ledger (key bytea PRIMARY KEY, value bytea NOT NULL)"
READ = "SELECT key, value FROM booty_ledger WHERE key = ANY(%b::bytea[])"
WRITE = (
    "INSERT INTO booty_ledger SELECT * FROM unnest(%b::bytea[], %b::bytea[])"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
DELETE = "DELETE FROM booty_ledger WHERE key = ANY(%b::bytea[])"
BETWEEN = "SELECT key FROM booty_ledger WHERE key >= %b AND key < %b ORDER BY key LIMIT %b"


class PostgresEntries(Entries):
    """The table `booty_ledger` over an open connection; the caller begins and commits."""

    def __init__(self, wire: Wire) -> None:
        """Use the connection; its table is there."""
        self._wire = wire
        self.changed: set[bytes] = set()
        """The keys that were written or deleted, until the caller empties it."""

    def __getitem__(self, key: bytes) -> bytes:
        return self.read([key])[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.write({key: value})

    def __delitem__(self, key: bytes) -> None:
        self.changed.add(key)
        if self._wire.execute(DELETE, ([key],)).rowcount == 0:
            raise KeyError(key)

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values of those keys that are there, in one statement."""
        return dict(self._wire.execute(READ, (list(keys),), binary=True).fetchall()) if keys else {}

    def write(self, values: Mapping[bytes, bytes]) -> None:
        """Set many values in one statement."""
        if values:
            self.changed.update(values)
            self._wire.execute(WRITE, (list(values), list(values.values())))

    def delete(self, keys: Sequence[bytes]) -> None:
        """Take keys out, whether they are there or not, in one statement."""
        self.changed.update(keys)
        self._wire.execute(DELETE, (list(keys),))

    def __iter__(self) -> Iterator[bytes]:
        return self.between(b"", b"\xff")

    def __len__(self) -> int:
        return sum(int(number) for (number,) in self._wire.execute("SELECT count(*) FROM booty_ledger"))

    def between(self, first: bytes, end: bytes) -> Iterator[bytes]:
        """Yield the keys from `first` up to but not including `end`, in order."""
        for size in chain(PAGES, repeat(PAGES[-1])):
            keys = [key for (key,) in self._wire.execute(BETWEEN, (first, end, size), binary=True).fetchall()]
            yield from keys
            if len(keys) < size:
                return
            first = keys[-1] + b"\0"
