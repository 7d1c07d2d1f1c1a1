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
    return book_of(fingerprint, digits_of(event))


def book_of(fingerprint: str, digits: str) -> str:
    """Return the key of the book in which an event with these `digits` would be found."""
    return f"events/{fingerprint}/{digits[0]}"


def holds(stored: object, digits: str) -> bool:
    """Return whether the stored book in which those `digits` would be found has them."""
    name, book = in_book(digits), stored if isinstance(stored, dict) else {}
    return any(isinstance(names, str) and name in names for names in book.values())


def in_book(digits: str) -> str:
    """Return how a book has an event's `digits`."""
    return f",{digits[1:]}"


@lru_cache(maxsize=64)
def digits_of(event: str) -> str:
    """Return by what an event is known: the first digits of its id's hash."""
    return sha256(event.encode()).hexdigest()[:ID]


class CountedEvents:
    """The events that a problem has counted, as far as one event is concerned."""

    def __init__(self, shelf: Shelf, fingerprint: str, event: str) -> None:
        """Look the event's id up."""
        self._shelf = shelf
        self._key = key_of(fingerprint, event)
        self._name = in_book(digits_of(event))
        self._book = _book(shelf.get(self._key))
        self.is_known = _is_in(self._book, self._name)

    def add(self, *, happened_at: float, known: int) -> int:
        """Note that the problem has counted the event, which happened at that time (unix seconds).

        `known` events of the problem were noted before; return how many are now.
        """
        size = _size(self._book)
        gone = put(self._book, self._name, size, happened_at=happened_at, room=_room(size, known))
        self._shelf[self._key] = self._book
        return max(known + 1 - gone, 0)


def add_events(shelf: Shelf, fingerprint: str, events: Mapping[str, float], *, known: int) -> tuple[int, int]:
    """Note all those events, digits by when each happened, that the problem has not counted yet.

    Return how many those were, and as `CountedEvents.add` how many of the problem are noted now.
    """
    books: dict[str, Book] = {}
    changed: dict[str, Book] = {}
    added = 0
    for digits, happened_at in events.items():
        key, name = book_of(fingerprint, digits), in_book(digits)
        if key not in books:
            books[key] = _book(shelf.get(key))
        if _is_in(book := books[key], name):
            continue
        size = _size(book)
        gone = put(book, name, size, happened_at=happened_at, room=_room(size, known))
        changed[key] = book
        added, known = added + 1, max(known + 1 - gone, 0)
    shelf.update(changed)
    return added, known


def put(book: Book, name: str, size: int, *, happened_at: float, room: int) -> int:
    """Put one name more into a book of `size`; return how many went for it, the oldest, for want of `room`."""
    hour = f"{max(int(happened_at // HOUR_SECONDS), 0):07d}"
    book[hour] = book.get(hour, "") + name
    gone = max(size + 1 - max(room, 1), 0)
    for _ in range(gone):
        first = min(book)
        book[first] = book[first][ID:]
        if not book[first]:
            del book[first]
    return gone


def _room(size: int, known: int) -> int:
    """Return how many names a book of `size` may have, when `known` are in all books of its problem."""
    return min(max(MOST - known, 0) + size, MOST_OF_A_DIGIT)


def _is_in(book: Book, name: str) -> bool:
    return name in " ".join(book.values())


def _size(book: Book) -> int:
    return sum(map(len, book.values())) // ID


def books_of(fingerprint: str) -> tuple[str, ...]:
    """Return the keys of all books that a problem may have."""
    return tuple(f"events/{fingerprint}/{digit}" for digit in hexdigits[:16])


def _book(value: object) -> Book:
    """Return the book in a stored value; hours that make no sense are left out."""
    if not isinstance(value, dict):
        return {}
    stored: Record = value
    return {hour: names for hour, names in stored.items() if isinstance(names, str) and hour.isdecimal()}
