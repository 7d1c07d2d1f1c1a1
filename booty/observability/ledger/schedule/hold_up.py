"""What holds deliveries up, for those who ask from outside."""

from __future__ import annotations

from typing import Literal

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.schedule.due import PLACE, in_order
from booty.observability.ledger.schedule.gate import LONGEST_PAUSE_SECONDS, gate_in, is_ahead, stop_in

LATE_SECONDS = 120.0
"""How long nobody may do anything before somebody should ask why: longer than a lease, and than the slowest call."""

HoldUp = Literal["stopped", "paused", "late", "failing"]


def hold_up(shelf: Shelf, now: float) -> HoldUp | None:
    """Return what holds deliveries up at `now` (unix seconds).

    `late`: a job is due that nobody does, for whatever reason; `failing`: the last call to the tracker failed, and one
    waits for the next try. While a storm is worked off, one by one, the last may wait long; nothing is late then.
    """
    gate = gate_in(shelf)
    if stop_in(gate) is not None:
        return "stopped"
    if is_ahead(gate.get("paused_until", 0.0), now, within=LONGEST_PAUSE_SECONDS):
        return "paused"
    first = PLACE.fullmatch(next(in_order(shelf), ""))
    if first is None:
        return None
    if now - int(first["due"]) / 1000 > LATE_SECONDS and not 0 <= now - gate.get("at", 0.0) <= LATE_SECONDS:
        return "late"
    return "failing" if gate.get("failures", 0) else None
