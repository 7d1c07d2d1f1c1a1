"""The lines of one process that still count: which one is each problem's, what of it is not written yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.journal.lines import line_at, place_of, short
from booty.observability.ledger.journal.repeats import LONGEST_COUNT_SECONDS

MOST = 1_000
MOST_EVENTS = 20
"""Of one line, by short names: no problem's record knows them."""

What = tuple[object, ...]
"""What two decisions have in common that are counted in one line."""


@dataclass(slots=True)
class OpenLine:
    """A line that counts since `at`; `times` and `events` came after `wrote_at`, the last one at `until`."""

    number: int
    what: What
    at: float
    wrote_at: float
    until: float = 0.0
    times: int = 0
    events: list[str] = field(default_factory=list)


class OpenLines:
    """What one process remembers; times are unix seconds."""

    def __init__(self, *, hold_seconds: float) -> None:
        """Remember nothing yet; after a write, hold what is counted for `hold_seconds`."""
        self._hold_seconds = hold_seconds
        self._lock = Lock()
        self._of: dict[str, OpenLine] = {}

    def written_before(self, name: str, *, now: float) -> int | None:
        """Return the number of the line that counts for the problem of that name, None if it was just written."""
        found = self._of.get(name)
        return None if found is None or self._is_fresh(found, now) else found.number

    def begin(self, name: str, what: What, number: int, *, now: float) -> None:
        """Remember the line, which was just written."""
        with self._lock:
            if len(self._of) >= MOST and name not in self._of:
                self._of.clear()
            self._of[name] = OpenLine(number, what, now, now)

    def hold(self, name: str, what: What, event: str, *, now: float) -> int | None:
        """Count one more without writing, if the line was written a moment ago; return the line's number."""
        with self._lock:
            found = self._of.get(name)
            if found is None or found.what != what or not self._is_fresh(found, now):
                return None
            _add(found, event, now)
            return found.number

    def count(self, shelf: Shelf, name: str, what: What, event: str, *, now: float) -> int | None:
        """Count one more, in the line; return its number, None where there is none to count in."""
        with self._lock:
            found = self._of.get(name)
            if found is None or found.what != what or not 0 <= now - found.at < LONGEST_COUNT_SECONDS:
                return None
            line = line_at(shelf, found.number, fingerprint=name)
            if line is None:
                return None
            _add(found, event, now)
            _write(shelf, line, found)
            return found.number

    def _is_fresh(self, found: OpenLine, now: float) -> bool:
        return 0 <= now - found.wrote_at < self._hold_seconds

    def write(self, shelf: Shelf) -> None:
        """Write all that is held."""
        with self._lock:
            for name, found in self._of.items():
                line = line_at(shelf, found.number, fingerprint=name) if found.times else None
                if line is not None:
                    _write(shelf, line, found)


def _add(to: OpenLine, event: str, now: float) -> None:
    to.times += 1
    to.until = now
    to.events = [*to.events, short(event)][-MOST_EVENTS:]


def _write(shelf: Shelf, line: Record, counted: OpenLine) -> None:
    events = [*line.get("events", ()), *counted.events][-MOST_EVENTS:]
    counts = {"times": line.get("times", 1) + counted.times, "until": counted.until, "events": events}
    shelf[place_of(counted.number)] = line | counts
    counted.times, counted.wrote_at, counted.events = 0, counted.until, []
