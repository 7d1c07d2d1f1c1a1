"""The table of a ledger in PostgreSQL: bytes to bytes, in the order of the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from booty.observability.ledger.engines.ports.entries import Entries
from booty.observability.ledger.engines.postgres.connection.trips import Row, Trips
from booty.observability.ledger.engines.version import KEY

OWN = KEY.encode()
PAGES = (16, 128, 1000)
"""Keys that are read at once: few at first, since most want only the next one or two."""
SCHEMA = "CREATE TABLE IF NOT EXISTS booty_ledger (key bytea PRIMARY KEY, value bytea NOT NULL)"
READ = "SELECT key, value, xmin FROM booty_ledger WHERE key = ANY($1)"
WRITE = (
    "INSERT INTO booty_ledger SELECT * FROM unnest($1::bytea[], $2::bytea[]) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
DELETE = "DELETE FROM booty_ledger WHERE key = ANY($1)"
BETWEEN = "SELECT key FROM booty_ledger WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3::int"
COUNT = "SELECT count(*)::text FROM booty_ledger"


@dataclass(frozen=True, slots=True)
class Page:
    """All keys from `first` to before `end`, in order, as they are while none of them changes."""

    first: bytes
    end: bytes
    keys: list[bytes]

    @classmethod
    def of(cls, first: bytes, end: bytes, keys: list[bytes], *, size: int) -> Page:
        """Return what the first keys of a range tell, of which at most `size` were read."""
        return cls(first, end if len(keys) < size else keys[-1] + b"\0", keys)


class PostgresEntries(Entries):
    """The table `booty_ledger` over an open connection; the caller begins and commits."""

    def __init__(self, trips: Trips) -> None:
        """Use the connection; its table is there."""
        self._trips = trips
        self.changed: set[bytes] = set()
        """The keys that were written or deleted in this transaction."""
        self._pages: list[Page] = []
        self.own_writer: bytes | None = None
        """Which transaction wrote the ledger's record of itself, as it was read last; None where it is not there."""

    def begin(self) -> None:
        """Know nothing of the last transaction any more."""
        self.changed.clear()
        self._pages.clear()
        self.own_writer = None

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
        return self._found(self._trips.ask(READ, keys)) if keys else {}

    def write(self, values: Mapping[bytes, bytes]) -> None:
        """Set many values with what is asked next."""
        if values:
            self._note(values)
            self._trips.say(WRITE, values=([*values], [*values.values()]))

    def delete(self, keys: Sequence[bytes]) -> None:
        """Take keys out, whether they are there or not, with what is asked next."""
        self._note(keys)
        self._trips.say(DELETE, values=(keys,))

    def __iter__(self) -> Iterator[bytes]:
        return self.between(b"", b"\xff")

    def __len__(self) -> int:
        return int(self._trips.ask(COUNT)[0][0] or 0)

    def ahead(self, keys: Sequence[bytes], ranges: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
        """See `Entries`."""
        asked = [(BETWEEN, (*bounds, PAGES[0])) for bounds in ranges]
        read, *pages = self._trips.ask_all((READ, (keys,)), *asked)
        self._pages = [
            Page.of(*bounds, _first(rows), size=PAGES[0]) for bounds, rows in zip(ranges, pages, strict=True)
        ]
        return self._found(read)

    def _found(self, rows: Iterable[Row]) -> dict[bytes, bytes]:
        found = dict[bytes, bytes]()
        for key, value, writer in rows:
            found[key or b""] = value or b""
            if key == OWN:
                self.own_writer = writer
        return found

    def _note(self, keys: Iterable[bytes]) -> None:
        """Note that keys change: a page that one of them belongs on is not what it was."""
        self.changed.update(keys)
        self._pages = [page for page in self._pages if not any(page.first <= key < page.end for key in keys)]

    def between(self, first: bytes, end: bytes) -> Iterator[bytes]:
        """Yield the keys from `first` up to but not including `end`, in order."""
        for page in [page for page in self._pages if page.first <= first < page.end]:
            yield from (key for key in page.keys if first <= key < end)
            if end <= page.end:
                return
            first = max(first, page.end)
        for size in chain(PAGES, repeat(PAGES[-1])):
            keys = _first(self._trips.ask(BETWEEN, first, end, size))
            yield from keys
            if len(keys) < size:
                return
            first = keys[-1] + b"\0"


def _first(rows: Iterable[Row]) -> list[bytes]:
    return [row[0] or b"" for row in rows]
