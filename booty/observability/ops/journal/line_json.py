"""A line of the journal as a machine reads it; names are only ever added."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from booty.observability.ledger.journal.entries import Line, Outcome, Refusals
from booty.observability.text.moments import iso

MOMENTS = frozenset({"at", "until", "since"})
UNSAID = frozenset({"number", "events", "became"})
LINE = tuple(each.name for each in fields(Line) if each.name not in UNSAID)
OUTCOME = tuple(each.name for each in fields(Outcome))


def line_json(line: Line) -> dict[str, Any]:
    """Return a decision, what became of it."""
    return _said(line, LINE) | {"became": [_said(outcome, OUTCOME) for outcome in line.became]}


def refusals_json(refusals: Refusals) -> dict[str, Any]:
    """Return what was turned away in a minute."""
    return {"verdict": "turned_away", "because": refusals.reason, "at": iso(refusals.at), "times": refusals.times}


def _said(known: Line | Outcome, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what is known, by name."""
    values = ((name, getattr(known, name)) for name in names)
    return {name: iso(value) if name in MOMENTS else value for name, value in values if value is not None}
