"""The events that a problem has counted: an event counts once, through however many rules it comes.

`events/<fingerprint>/<digit>` holds the ids whose hash begins with that digit, by the hour of their events, as short
hashes in one text an hour: a storm reads and writes a sixteenth of them with every alert. The oldest go when there are
more than `MOST` of a problem, whose history holds their number, so that nobody need count them. An event is then known
by its age, if it has one: a metric's alert always happens when it comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from string import hexdigits

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Record

MOST = 1_000
MOST_OF_A_DIGIT = 125
"""Twice its share, which chance does not reach: what bounds it when the number in the history is wrong."""
HOUR_SECONDS = 3600.0
ID = 12
"""Characters of a hash of 44 bits behind a comma."""

Book = dict[str, str]


def key_of(fingerprint: str, event: str) -> str:
    """Return the key under which the event's id would be found."""
    return f"events/{fingerprint}/{_hash(event)[0]}"


def holds(stored: object, event: str) -> bool:
    """Return whether the stored book that the event's id would be found in has it."""
    name, book = in_book(event), stored if isinstance(stored, dict) else {}
    return any(isinstance(names, str) and name in names for names in book.values())


def in_book(event: str) -> str:
    """Return how a book has the event's id."""
    return f",{_hash(event)[1:ID]}"


class CountedEvents:
    """The events that a problem has counted, as far as one event is concerned."""

    def __init__(self, shelf: Shelf, fingerprint: str, event: str) -> None:
        """Look the event's id up."""
        self._shelf = shelf
        self._key = key_of(fingerprint, event)
        self._name = in_book(event)
        self._book = _book(shelf.get(self._key))
        self.is_known = any(self._name in names for names in self._book.values())

    def add(self, *, happened_at: float, known: int) -> int:
        """Note that the problem has counted the event, which happened at that time (unix seconds).

        `known` events of the problem were noted before; return how many are now.
        """
        before = _size(self._book)
        room = min(max(MOST - known, 0) + before, MOST_OF_A_DIGIT)
        after = with_event(self._book, self._name, happened_at=happened_at, room=room)
        self._shelf[self._key] = after
        return max(known + _size(after) - before, 0)


def add_events(shelf: Shelf, fingerprint: str, events: Mapping[str, float], *, known: int) -> tuple[int, int]:
    """Note all those events, each with when it happened, that the problem has not counted yet.

    Return how many those were, and as `CountedEvents.add` how many of the problem are noted now.
    """
    books: dict[str, Book] = {}
    added = 0
    for event, happened_at in events.items():
        key, name = key_of(fingerprint, event), in_book(event)
        before = books[key] if key in books else _book(shelf.get(key))
        if any(name in names for names in before.values()):
            continue
        room = min(max(MOST - known, 0) + _size(before), MOST_OF_A_DIGIT)
        books[key] = with_event(before, name, happened_at=happened_at, room=room)
        added, known = added + 1, max(known + _size(books[key]) - _size(before), 0)
    shelf.update(books)
    return added, known


def with_event(book: Book, name: str, *, happened_at: float, room: int) -> Book:
    """Return the book of one digit with one name more, and the oldest gone of those that it has no `room` for."""
    hour = f"{max(int(happened_at // HOUR_SECONDS), 0):07d}"
    kept = book | {hour: book.get(hour, "") + name}
    while _size(kept) > max(room, 1):
        first = min(kept)
        kept[first] = kept[first][ID:]
        if not kept[first]:
            del kept[first]
    return kept


def _size(book: Book) -> int:
    return sum(map(len, book.values())) // ID


def forget_events(shelf: Shelf, fingerprint: str) -> None:
    """Forget the events of a problem that is forgotten."""
    for key in shelf.many(books_of(fingerprint)):
        del shelf[key]


def books_of(fingerprint: str) -> tuple[str, ...]:
    """Return the keys of all books that a problem may have."""
    return tuple(f"events/{fingerprint}/{digit}" for digit in hexdigits[:16])


def _book(value: object) -> Book:
    """Return the book in a stored value; hours that make no sense are left out."""
    if not isinstance(value, dict):
        return {}
    stored: Record = value
    return {hour: names for hour, names in stored.items() if isinstance(names, str) and hour.isdecimal()}


@lru_cache(maxsize=64)
def _hash(event: str) -> str:
    return sha256(event.encode()).hexdigest()
