"""How much waits in a spool."""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.ledger.engines.engine import Shelf

COUNT, WAITS = "count", "waits/"
SPOOL = "spool"
"""Its folder, in the state directory."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """How many alerts and status changes wait, since when the oldest does (unix seconds); `is_away`: the ledger is."""

    count: int = 0
    since: float | None = None
    is_away: bool = False


def spooled_in(shelf: Shelf) -> Spooled:
    """Return how much waits in the spool."""
    first = next(shelf.under(WAITS), None)
    if first is None:
        return Spooled()
    moment, count = first.removeprefix(WAITS).partition("/")[0], shelf.get(COUNT, 0)
    since = int(moment) / 1000 if moment.isdecimal() else None
    return Spooled(max(count, 1) if isinstance(count, int) else 1, since)
