"""The table of a ledger in PostgreSQL: bytes to bytes, in the order of the keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat

from booty.observability.ledger.engines.postgres.connection.trips import Trips
from booty.observability.ledger.engines.shelf import Entries

PAGES = (16, 128, 1000)
"""Keys that are read at once: few at first, since most want only the next one or two."""
SCHEMA = "CREATE TABLE IF NOT EXISTS booty_ledger (key bytea PRIMARY KEY, value bytea NOT NULL)"
READ = "SELECT key, value FROM booty_ledger WHERE key = ANY($1)"
WRITE = "INSERT INTO booty_ledger SELECT * FROM unnest($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
DELETE = "DELETE FROM booty_ledger WHERE key = ANY($1)"
BETWEEN = "SELECT key FROM booty_ledger WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3"
COUNT = "SELECT count(*)::text FROM booty_ledger"


class PostgresEntries(Entries):
    """The table `booty_ledger` over an open connection; the caller begins and commits."""

    def __init__(self, trips: Trips) -> None:
        """Use the connection; its table is there."""
        self._trips = trips
        self.changed: set[bytes] = set()
        """The keys that were written or deleted, until the caller empties it."""

    def __getitem__(self, key: bytes) -> bytes:
        return self.read([key])[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.write({key: value})

    def __delitem__(self, key: bytes) -> None:
        if key not in self:
            raise KeyError(key)
        self.delete([key])

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values of those keys that are there, in one statement."""
        return {key or b"": value or b"" for key, value in self._trips.ask(READ, keys)} if keys else {}

    def write(self, values: Mapping[bytes, bytes]) -> None:
        """Set many values with what is asked next."""
        if values:
            self.changed.update(values)
            self._trips.say(WRITE, values=([*values], [*values.values()]))

    def delete(self, keys: Sequence[bytes]) -> None:
        """Take keys out, whether they are there or not, with what is asked next."""
        self.changed.update(keys)
        self._trips.say(DELETE, values=(keys,))

    def __iter__(self) -> Iterator[bytes]:
        return self.between(b"", b"\xff")

    def __len__(self) -> int:
        return int(self._trips.ask(COUNT)[0][0] or 0)

    def between(self, first: bytes, end: bytes) -> Iterator[bytes]:
        """Yield the keys from `first` up to but not including `end`, in order."""
        for size in chain(PAGES, repeat(PAGES[-1])):
            keys = [key or b"" for (key,) in self._trips.ask(BETWEEN, first, end, size)]
            yield from keys
            if len(keys) < size:
                return
            first = keys[-1] + b"\0"
