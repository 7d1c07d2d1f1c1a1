"""The events that a problem has counted: an event counts once, through however many rules it comes.

Ids are kept by the hour of their events, until an event came that is a day younger, but no more than `MOST`: what is
older is known by its age. They are kept as short hashes in one text an hour, since a storm reads and writes them with
every alert.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

MOST = 1_000
HOUR_SECONDS = 3600.0
KEPT_HOURS = 25
ID = 9
"""Characters of a comma and a hash of 48 bits."""

Book = dict[str, str]


def is_counted(book: Book, event: str) -> bool:
    """Say whether the event of that id is in the book."""
    name = _name(event)
    return any(name in names for names in book.values())


def with_event(book: Book, event: str, *, happened_at: float) -> Book:
    """Return the book with one event more (`happened_at` in unix seconds), without what it no longer needs."""
    hour = f"{max(int(happened_at // HOUR_SECONDS), 0):07d}"
    newest = max(hour, *book) if book else hour
    oldest = f"{max(int(newest) - KEPT_HOURS, 0):07d}"
    kept = {at: names for at, names in book.items() if at >= oldest}
    kept[hour] = kept.get(hour, "") + _name(event)
    surplus = sum(map(len, kept.values())) - MOST * ID
    if surplus <= 0:
        return kept
    return dict(_without_first(kept, surplus))


def _without_first(book: Book, surplus: int) -> list[tuple[str, str]]:
    """Leave out the first `surplus` characters, by the hours."""
    rest = []
    for hour in sorted(book):
        cut = min(surplus, len(book[hour]))
        surplus -= cut
        if names := book[hour][cut:]:
            rest.append((hour, names))
    return rest


def book_in(value: object) -> Book:
    """Return the book in a stored value; hours that make no sense are left out."""
    if not isinstance(value, dict):
        return {}
    return {
        hour: names
        for hour, names in value.items()
        if isinstance(names, str) and len(hour) == len("0000000") and hour.isascii() and hour.isdigit()
    }


def _name(event: str) -> str:
    return "," + urlsafe_b64encode(sha256(event.encode()).digest()[:6]).decode()
