"""Whether an alert could be stored now, found out by writing; at most once a second, however often it is asked.

What is written is small, and fits where an alert no longer does: so the room for one is asked for as well.

Anybody may ask: without the limit a stranger would have the disk synced as fast as it goes. One write serves all
workers. A failure is never remembered: whoever asks next finds out anew, so that it is over as soon as its cause is.
"""

from __future__ import annotations

from functools import partial
from threading import Lock

from booty.observability.ledger.engines.engine import Engine, NotStored, Shelf
from booty.observability.ledger.watch.vitals import RANGES, READS, Vitals, vitals_in

KEY = "checked_at"
SECONDS = 1.0
"""How long a success is believed."""
LARGEST_ALERT = 256 * 1024
"""Bytes on disk."""


class Pulse:
    """The proof that one store can be written to; times are unix seconds."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine`; nothing is opened yet."""
        self._engine = engine
        self._asking = Lock()
        self._felt_at = 0.0
        self._vitals = Vitals()

    def feel(self, *, now: float) -> Vitals:
        """Return when the store was written to within the last second, by whatever worker. Raises `NotStored`.

        What is returned is how the pipe was then.
        """
        with self._asking:
            if not _is_fresh(self._felt_at, now):
                beat = partial(_beat, now=now)
                self._vitals = self._engine.transact(beat, reads=(KEY, *READS), ranges=RANGES)
                self._require_room()
                self._felt_at = now
            return self._vitals

    def _require_room(self) -> None:
        room = self._engine.free_bytes()
        if room is not None and room < LARGEST_ALERT:
            raise NotStored(f"{room} bytes are free")


def _beat(shelf: Shelf, now: float) -> Vitals:
    if not _is_fresh(shelf.get(KEY), now):
        shelf[KEY] = now
    return vitals_in(shelf, now)


def _is_fresh(beat: object, now: float) -> bool:
    return isinstance(beat, int | float) and 0 <= now - beat < SECONDS
