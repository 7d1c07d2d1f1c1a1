"""How far Sentry was read.

The place moves only after what was found is claimed; one worker reads at a time.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import Record, shaped
from booty.observability.ledger.schedule.gate import is_ahead
from booty.observability.ledger.with_sentry.absences import OVERLAP_SECONDS, READING, READING_KEY

CYCLE_SECONDS = 900.0
LEASE_SECONDS = 60.0
"""As long as the calls about one problem may take; it is renewed before the next one."""
SETTLING_SECONDS = 60.0
"""How old a problem is at least before anybody wonders where its alert is."""
LONGEST_SECONDS = 30 * 24 * 3600.0
"""Nothing older is read: no project is known that long without an alert."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one worker reads: all that Sentry saw from `since` to `until` (unix seconds), under its lease."""

    since: float
    until: float
    lease: str


class ReadingBook:
    """The place where reading Sentry goes on; times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine`; nothing is opened yet."""
        self._engine = engine

    def begin(self, *, now: float, is_always: bool) -> Window | None:
        """Begin to read what was missed, with `is_always` every 15 minutes; None when there is nothing to read now."""
        return self._engine.transact(lambda shelf: _begin(shelf, now, is_always=is_always))

    def renew(self, window: Window, *, now: float) -> bool:
        """Hold the lease for longer; return False when another worker may have it."""

        def work(shelf: Shelf) -> bool:
            book = shaped(shelf.get(READING_KEY), READING)
            if book.get("lease") != window.lease:
                return False
            shelf[READING_KEY] = book | {"held_until": now + LEASE_SECONDS}
            return True

        return self._engine.transact(work)

    def end(self, window: Window, *, place: float | None, now: float) -> None:
        """Go on from `place` in the next cycle; None when all of the window was read."""

        def work(shelf: Shelf) -> None:
            book = _let_go(shelf, window)
            if book is None:
                return
            if place is not None:
                shelf[READING_KEY] = book | {"since": place, "next_at": now + CYCLE_SECONDS}
            elif book.get("until", window.until) > window.until:  # the service was away once more meanwhile
                shelf[READING_KEY] = book
            else:
                done = {name: value for name, value in book.items() if name != "until"}
                shelf[READING_KEY] = done | {"since": window.until - OVERLAP_SECONDS}

        self._engine.transact(work)

    def postpone(self, window: Window, *, until: float) -> None:
        """Read the same again, not before `until`."""

        def work(shelf: Shelf) -> None:
            book = _let_go(shelf, window)
            if book is not None:
                shelf[READING_KEY] = book | {"next_at": until}

        self._engine.transact(work)


def _begin(shelf: Shelf, now: float, *, is_always: bool) -> Window | None:
    book = shaped(shelf.get(READING_KEY), READING)
    is_held = is_ahead(book.get("held_until", 0.0), now, within=LEASE_SECONDS)
    if is_held or is_ahead(book.get("next_at", 0.0), now, within=CYCLE_SECONDS):
        return None
    is_owed = {"since", "until"} <= book.keys()
    is_early = 0 <= now - book.get("began_at", -CYCLE_SECONDS) < CYCLE_SECONDS
    if not is_owed and (not is_always or is_early):
        return None
    since = book.get("since", now - CYCLE_SECONDS - OVERLAP_SECONDS)
    until = max(book.get("until", 0.0), now - SETTLING_SECONDS) if is_always else book["until"]
    window = Window(max(since, now - LONGEST_SECONDS), until, uuid.uuid4().hex)
    begun = {"since": window.since, "until": until, "began_at": now, "lease": window.lease}
    shelf[READING_KEY] = book | begun | {"held_until": now + LEASE_SECONDS}
    return window


def _let_go(shelf: Shelf, window: Window) -> Record | None:
    """Return the book without the lease of `window`, None when another worker has it."""
    book = shaped(shelf.get(READING_KEY), READING)
    if book.get("lease") != window.lease:
        return None
    return {name: value for name, value in book.items() if name not in {"lease", "held_until", "next_at"}}
