"""The journal's lines, in a ring: each new one takes the place of an old one, so that nothing has to be cleared away.

`journal` holds how many numbers were given out, `journal/<place>` the line whose number leads to that place. Numbers
are given out to a process by the block: most lines cost one record more in the transaction that decides, and no other.
"""

from __future__ import annotations

from collections import deque
from hashlib import sha256
from threading import Lock

from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import HEAD, LINE, Record, shaped

KEY = "journal"
MOST = 19_000
"""Lines; with the minutes of `turned_away`, 20,000."""
BLOCK, LOW = 200, 50
"""How many numbers are given out at once, with how few left."""
LONGEST_SECONDS = 7 * 24 * 3600.0
SWEPT_AT_ONCE = 200


def place_of(number: int) -> str:
    """Return the key of the line with that number."""
    return f"{KEY}/{number % MOST:05d}"


def line_at(shelf: Shelf, number: object, *, fingerprint: str) -> Record | None:
    """Return the line with that number, if it is still there, and about that problem."""
    if not isinstance(number, int):
        return None
    line = shaped(shelf.get(place_of(number)), LINE)
    return line if (line.get("number"), line.get("fingerprint")) == (number, fingerprint) else None


class Pen:
    """Writes the lines of one process."""

    def __init__(self) -> None:
        """Have no numbers yet."""
        self._filling = Lock()
        self._own: deque[int] = deque()
        self._in_doubt: deque[int] = deque()
        """Given out by the transaction that writes with them, which may be undone."""

    def fill(self, engine: Engine) -> None:
        """Get numbers for the next lines: a transaction about one name would be undone for them. Raises `NotStored`."""
        if len(self._own) < LOW:
            with self._filling:
                if len(self._own) < LOW:
                    self._own.extend(engine.transact(give_out, reads=(KEY,), is_lasting=False))

    def append(self, shelf: Shelf, line: Record) -> int:
        """Write one more line; return its number."""
        if not (self._own or self._in_doubt):
            self._in_doubt.extend(give_out(shelf))
        number = (self._own or self._in_doubt).popleft()
        line["number"] = number
        shelf[place_of(number)] = line
        return number

    def drop(self) -> None:
        """Use none of the numbers that a transaction got which may not have been stored."""
        self._in_doubt.clear()


def give_out(shelf: Shelf) -> range:
    """Give out the next numbers."""
    head = shaped(shelf.get(KEY), HEAD)
    first: int = head.get("next", 0)
    shelf[KEY] = head | {"next": first + BLOCK}
    return range(first, first + BLOCK)


def sweep(shelf: Shelf, *, now: float) -> None:
    """Take out what is older than a week, of the next places of the ring; all of them are looked at in two hours."""
    head = shaped(shelf.get(KEY), HEAD)
    if "next" not in head:
        return
    first = head.get("swept", 0)
    keys = [place_of(number) for number in range(first, first + SWEPT_AT_ONCE)]
    for key, line in shelf.many(keys).items():
        if shaped(line, LINE).get("at", 0.0) < now - LONGEST_SECONDS:
            shelf.pop(key, None)
    shelf[KEY] = head | {"swept": (first + SWEPT_AT_ONCE) % MOST}


def short(event: str) -> str:
    """Return a short name for an event's id."""
    return sha256(event.encode()).hexdigest()[:12]
