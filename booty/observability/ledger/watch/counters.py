"""The ledger's own counters, with what else the metrics say of it.

Each process adds what it counted, several times a second while there is anything to add. `kill -9` may cost what was
not added yet, a power cut what was not synced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from booty.observability.ledger.engines.engine import Engine, NotStored, Shelf
from booty.observability.ledger.engines.records import shaped
from booty.observability.ledger.storm.state import open_digests
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.watch.shapes import COUNTED
from booty.observability.ledger.watch.token import expiry_in
from booty.observability.ledger.watch.vitals import Vitals, vitals_in

KEY = "counted"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is known at one moment: the counts by name, how the pipe is, how much is owed or was refused.

    Times are unix seconds; `heard_at` and `expires_at` are None where nothing is known. `in_storms` counts the problems
    that share an issue while a storm goes on.
    """

    counts: Mapping[str, int]
    vitals: Vitals
    owed: int
    refused: int
    heard_at: float | None
    expires_at: float | None
    free_bytes: int | None
    in_storms: int = 0


class Counters:
    """The counters behind one engine. Every method raises `NotStored`."""

    def __init__(self, engine: Engine, notes: Notes, *, tokens: Sequence[str] = ()) -> None:
        """Take what this process counts, the marks of the tokens for GitHub; nothing is opened yet."""
        self._engine = engine
        self._notes, self._tokens = notes, tuple(tokens)
        self._adding = Lock()

    def add(self) -> None:
        """Add what this process counted since the last time."""
        with self._adding:
            counts, heard_at = self._notes.take(), self._notes.heard_at
            if not counts:
                return
            try:
                self._engine.transact(lambda shelf: _add(shelf, counts, heard_at), is_lasting=False)
            except NotStored:
                self._notes.give_back(counts)
                raise

    def read(self, *, now: float) -> Reading:
        """Return what all processes counted up to now (unix seconds), and how the ledger is."""
        free_bytes = self._engine.free_bytes()

        def work(shelf: Shelf) -> Reading:
            record = shaped(shelf.get(KEY), COUNTED)
            counts = {name: count for name, count in record.get("counts", {}).items() if isinstance(count, int)}
            owed, refused = (sum(1 for _ in shelf.under(prefix)) for prefix in ("owed/", "refused/"))
            heard_at = record.get("heard_at") or None
            in_storms = sum(problems for _, _, problems in open_digests(shelf))
            vitals, expires_at = vitals_in(shelf, now), expiry_in(shelf, *self._tokens)
            return Reading(counts, vitals, owed, refused, heard_at, expires_at, free_bytes, in_storms)

        return self._engine.transact(work, is_lasting=False)


def _add(shelf: Shelf, counts: Mapping[str, int], heard_at: float) -> None:
    record = shaped(shelf.get(KEY), COUNTED)
    known = {name: count for name, count in record.get("counts", {}).items() if isinstance(count, int)}
    heard_at = max(heard_at, record.get("heard_at", 0.0))
    shelf[KEY] = record | {"counts": dict(Counter(known) + Counter(counts)), "heard_at": heard_at}
