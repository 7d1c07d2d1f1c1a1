"""A line of the journal as a machine reads it; names are only ever added."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict

from booty.observability.ledger.journal.entries import Line, LineOutcome, Refusals
from booty.observability.ledger.repositories.names import place_of
from booty.observability.text.moments import iso

MOMENTS = frozenset({"at", "until", "since"})
UNSAID = frozenset({"number", "events", "became"})


def line_json(line: Line) -> dict[str, Any]:
    """Return a decision, what became of it."""
    return _said(line) | place_of(line.fingerprint) | {"became": [_said(outcome) for outcome in line.became]}


def refusals_json(refusals: Refusals) -> dict[str, Any]:
    """Return what was turned away in a minute."""
    return {"verdict": "turned_away", "because": refusals.reason, "at": iso(refusals.at), "times": refusals.times}


def _said(known: Line | LineOutcome) -> dict[str, Any]:
    """Return what is known, by name."""
    said: dict[str, Any] = {name: value for name, value in asdict(known).items() if value is not None}
    return {name: iso(value) if name in MOMENTS else value for name, value in said.items() if name not in UNSAID}
