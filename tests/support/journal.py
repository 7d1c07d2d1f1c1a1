"""The journal of a ledger, as tests look at it."""

from __future__ import annotations

from pathlib import Path

from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.inspection import look_into
from booty.observability.ledger.journal.entries import Line, Refusals
from booty.observability.ledger.journal.reading import lines_in, refusals_in


def lines(directory: Path, *, now: float, since: float = 0.0) -> list[Line]:
    """Return the lines of the journal."""
    return look_into(SqliteStore(directory), lambda shelf: lines_in(shelf, now=now, since=since)) or []


def refusals(directory: Path, *, since: float = 0.0) -> list[Refusals]:
    """Return what was turned away."""
    return look_into(SqliteStore(directory), lambda shelf: refusals_in(shelf, since=since)) or []


def verdicts(directory: Path, *, now: float) -> list[tuple[str, int]]:
    """Return what was decided, how often."""
    return [(line.verdict, line.times) for line in lines(directory, now=now)]


def outcomes(line: Line) -> list[str]:
    """Return what became of a decision, in order."""
    return [outcome.what for outcome in line.became]
