"""How many requests were turned away in each minute, by reason: those that nothing was decided about.

They are held in memory, then written together: a stranger must not cause a write each. `turned_away/<minute>` holds a
minute's counts; `kill -9` may cost those of the last one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from itertools import islice
from threading import Lock

from booty.observability.ledger.engines.engine import Engine, NotStored, Shelf
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.journal.later import Later
from booty.observability.ledger.journal.lines import LONGEST_SECONDS

PREFIX = "turned_away/"
MOST_MINUTES = 1_000
MOST_AT_ONCE = 200
"""Minutes that one transaction takes out."""
MINUTE = 60
HOLD_SECONDS, FIRST_HOLD_SECONDS = 60.0, 1.0
"""How long counts are held at most; the first ones after a quiet minute are written soon, for whoever looks."""


class TurnedAway:
    """The counts of one process, written through `engine`; times are unix seconds."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        """Count nothing yet; a thread runs only while something is held."""
        self._engine = engine
        self._clock = clock
        self._lock = Lock()
        self._held: Counter[tuple[int, str]] = Counter()
        self._wrote_at = 0.0
        self._later = Later(self._write)

    def count(self, reason: str) -> None:
        """Count one request."""
        now = self._clock()
        with self._lock:
            self._held[int(now // MINUTE), reason] += 1
        is_recent = 0 <= now - self._wrote_at < HOLD_SECONDS
        self._later.within(HOLD_SECONDS if is_recent else FIRST_HOLD_SECONDS)

    def flush(self) -> None:
        """Write what is held."""
        self._later.now()

    def _write(self) -> None:
        """Write what is held; what cannot be written now is held on, of so many minutes."""
        with self._lock:
            held, self._held = self._held, Counter()
        if not held:
            return
        self._wrote_at = self._clock()
        try:
            self._engine.transact(lambda shelf: _add(shelf, held), is_lasting=False)
        except NotStored:
            with self._lock:
                self._held = Counter(dict(sorted((self._held + held).items())[-MOST_MINUTES:]))
            self._later.within(HOLD_SECONDS)


def _add(shelf: Shelf, held: Counter[tuple[int, str]]) -> None:
    for (minute, reason), times in held.items():
        key = f"{PREFIX}{minute:010d}"
        counts = counts_in(shelf.get(key))
        shelf[key] = counts | {reason: counts.get(reason, 0) + times}
    keys = list(shelf.under(PREFIX))
    for key in keys[:-MOST_MINUTES]:
        shelf.pop(key, None)


def counts_in(value: object) -> dict[str, int]:
    """Return the counts by reason in a stored value."""
    stored: Record = value if isinstance(value, dict) else {}
    return {reason: times for reason, times in stored.items() if isinstance(times, int)}


def trim(shelf: Shelf, *, now: float) -> None:
    """Take out the minutes that are older than a week, `MOST_AT_ONCE` at most; `now` in unix seconds."""
    oldest = f"{int((now - LONGEST_SECONDS) // MINUTE):010d}"
    for key in list(islice(shelf.under(PREFIX, until=oldest), MOST_AT_ONCE)):
        shelf.pop(key, None)
