"""What was remembered of a problem before its first alert said where it belongs: that memory is kept at home.

Sentry tells that a problem was created without what routes ask for, so that no repository is known by then.
"""

from __future__ import annotations

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.aliases import forget_names, remember
from booty.observability.ledger.repositories.names import mark_in, plain

KEPT = ("first_seen", "began_at", "sentry", "news")
ALERTED = frozenset({"claimed_at", "issue", "state"})


def remembered(shelf: Shelf, name: str) -> Record:
    """Return what the first history of that name begins with; nothing, if it is the home's or was alerted of there."""
    memory = _memory(shelf, name)
    return {field: memory[field] for field in KEPT if field in memory} if memory else {}


def take_over(shelf: Shelf, record: Record, name: str) -> Record:
    """Return a first history with the other names of its problem; the memory at home is gone."""
    memory = _memory(shelf, name)
    if not memory:
        return record
    names = [f"{each}{mark_in(name)}" for each in memory.get("aliases", ()) if isinstance(each, str)]
    forget_names(shelf, memory)
    shelf.pop(f"alert/{plain(name)}")
    return remember(shelf, record, name, names)


def _memory(shelf: Shelf, name: str) -> Record:
    record = shaped(shelf.get(f"alert/{plain(name)}"), HISTORY) if mark_in(name) else {}
    return {} if ALERTED & record.keys() else record
