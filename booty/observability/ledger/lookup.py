"""The door of whoever looks back into the journal. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from booty.observability.ledger.engines.engine import NoAccess, Shelf, Work
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ledger.engines.version import NewerLedger
from booty.observability.ledger.journal.entries import Line, Refusals
from booty.observability.ledger.journal.reading import lines_in, refusals_in

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Log:
    """What was decided, what was turned away; each in the order of time."""

    lines: tuple[Line, ...] = ()
    refusals: tuple[Refusals, ...] = ()


def look_into(store: Store, look: Work[Found]) -> Found | None:
    """Return what `look` finds in the ledger, None where there is none. Raises `NoAccess`."""
    try:
        return store.look(look)
    except NewerLedger as error:
        raise NoAccess(str(error)) from error


def log_in(shelf: Shelf, *, since: float, now: float) -> Log:
    """Return what happened since then (unix seconds), at most a week ago."""
    return Log(tuple(lines_in(shelf, now=now, since=since)), tuple(refusals_in(shelf, since=since)))
