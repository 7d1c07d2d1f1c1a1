"""What holds deliveries up, for those who ask from outside."""

from __future__ import annotations

from typing import Literal

from booty.observability.backlog import PLACE
from booty.observability.gate import LONGEST_PAUSE_SECONDS, gate_in, is_ahead, stop_in
from booty.observability.shelf import JsonShelf

LATE_SECONDS = 120.0
"""How long work may be due before somebody should ask why: longer than a lease, and than the slowest call."""

HoldUp = Literal["stopped", "paused", "late"]


def hold_up(shelf: JsonShelf, now: float) -> HoldUp | None:
    """Return what holds deliveries up at `now` (unix seconds); `late` is work that nobody does, for whatever reason."""
    gate = gate_in(shelf)
    if stop_in(gate) is not None:
        return "stopped"
    if is_ahead(gate.get("paused_until", 0.0), now, within=LONGEST_PAUSE_SECONDS):
        return "paused"
    first = PLACE.fullmatch(next(shelf.under("due/"), ""))
    return "late" if first and now - int(first["due"]) / 1000 > LATE_SECONDS else None
