"""When the service was away: it notes that it lives; what is too long between two notes is to be read from Sentry.

Keys: `alive` is the last note, `reconcile` what is to be read. Only `reading_book` reads the second.
"""

from __future__ import annotations

from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import SECONDS, Shape, shaped

ALIVE, READING_KEY = "alive", "reconcile"
READING: Shape = {
    "since": SECONDS,
    "until": SECONDS,
    "began_at": SECONDS,
    "next_at": SECONDS,
    "lease": str,
    "held_until": SECONDS,
}
"""What is to be read, from when until when; when reading began, may begin again; who does it, until when."""
NOTE_SECONDS = 60.0
AWAY_SECONDS = 150.0
"""More than lies between two notes, even if a call to GitHub takes long."""
RESTART_SECONDS = 5.0
"""The same for the first note of a process, which knows that it was not there before."""
OVERLAP_SECONDS = 120.0
"""How long after an event its alert may still have been under way, when the service went."""


class LifeSign:
    """Notes that this process lives; one for each process. Times are unix seconds."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine`; nothing is opened yet."""
        self._engine = engine
        self._noted_at: float | None = None

    def give(self, now: float) -> None:
        """Note it, at most once a minute. Raises `NotStored`."""
        if self._noted_at is not None and 0 <= now - self._noted_at < NOTE_SECONDS:
            return
        is_first = self._noted_at is None
        # A power cut may cost the last note: then a little more is read than was missed.
        self._engine.transact(lambda shelf: note_life(shelf, now, is_first=is_first), is_lasting=False)
        self._noted_at = now


def note_life(shelf: Shelf, now: float, *, is_first: bool) -> None:
    """Note that a process lives; after a time without such notes, that what was missed is to be read."""
    before = shelf.get(ALIVE)
    age = now - before if isinstance(before, SECONDS) else 0.0
    if isinstance(before, SECONDS) and age >= (RESTART_SECONDS if is_first else AWAY_SECONDS):
        _owe_reading(shelf, since=before - OVERLAP_SECONDS, until=now)
    elif isinstance(before, SECONDS) and 0 <= age < NOTE_SECONDS:
        return  # another worker's
    shelf[ALIVE] = now


def _owe_reading(shelf: Shelf, *, since: float, until: float) -> None:
    """Have Sentry read from `since` on, beside what is to be read already."""
    book = shaped(shelf.get(READING_KEY), READING)
    first = min(since, book["since"]) if {"since", "until"} <= book.keys() else since
    kept = {name: value for name, value in book.items() if name != "next_at"}
    shelf[READING_KEY] = kept | {"since": first, "until": until}
