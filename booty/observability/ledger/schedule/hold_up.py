"""What holds deliveries up, for those who ask from outside."""

from __future__ import annotations

from typing import Literal

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import GATE, shaped
from booty.observability.ledger.schedule.due import PLACE, in_order
from booty.observability.ledger.schedule.gate import pause_in, stop_in
from booty.observability.ledger.schedule.gates import GATE_KEY, Gates

LATE_SECONDS = 120.0
"""How long nobody may do anything before somebody should ask why: longer than a lease, and than the slowest call."""

HoldUp = Literal["stopped", "paused", "late", "failing"]


def hold_up(shelf: Shelf, now: float) -> HoldUp | None:
    """Return what holds deliveries up at `now` (unix seconds), those to some repository at least.

    `late`: a job is due that nobody does, for whatever reason; `failing`: the last call to the tracker failed, and one
    waits for the next try. While a storm is worked off, one by one, the last may wait long; nothing is late then.
    """
    gates = [shaped(shelf.get(key), GATE) for key in shelf.under(GATE_KEY)]
    if any(stop_in(gate) is not None for gate in gates):
        return "stopped"
    if any(pause_in(gate, now) is not None for gate in gates):
        return "paused"
    first = PLACE.fullmatch(next(in_order(shelf), ""))
    if first is None:
        return None
    moved_at = max((gate.get("at", 0.0) for gate in gates), default=0.0)
    if now - int(first["due"]) / 1000 > LATE_SECONDS and not 0 <= now - moved_at <= LATE_SECONDS:
        return "late"
    return "failing" if any(gate.get("failures", 0) for gate in gates) else None


def is_paused(shelf: Shelf, gates: Gates, now: float) -> bool:
    """Return whether GitHub asked us to leave it alone, in so far as it knows us by the token of these gates."""
    gate = shaped(shelf.get(gates.shared), GATE)
    return gate.get("token", gates.token) == gates.token and pause_in(gate, now) is not None
