"""What is known of a problem after its work was done: what the issue was told, how it was left.

It works on the shelf of one transaction of the ledger, whose docstring names the keys.
"""

from __future__ import annotations

from booty.observability.histories import close
from booty.observability.records import HISTORY, Record, shaped
from booty.observability.shelf import JsonShelf, sortable
from booty.observability.standing import learn
from booty.observability.untold import told
from booty.observability.work import Outcome, Owed, Work


def settle(shelf: JsonShelf, owed: Work, outcome: Outcome | None, *, now: float, forget_at: float) -> None:
    """Note how the work ended; None when there was no issue to leave in any way."""
    key = f"alert/{owed.fingerprint}"
    record = shaped(shelf.get(key), HISTORY)
    if not record:
        return
    if not isinstance(owed, Owed):
        record.pop("resolved_at", None)
    if outcome is not None:
        record = _left(record, outcome, now=now)
    shelf[key] = record
    if not isinstance(owed, Owed):
        return
    is_told = outcome is None or outcome.is_told
    shelf[key] = told(record, owed.alert, owed.life, is_told=is_told, now=now)
    close(shelf, owed.key, {"state": "filed", "settled_at": now, "forget_at": forget_at})
    shelf[f"forget/{sortable(forget_at)}/{owed.key}"] = 1


def _left(record: Record, outcome: Outcome, *, now: float) -> Record:
    """Return the record with how the issue was left."""
    record = learn(record, outcome.standing, now=now)
    if outcome.is_muted_by_sentry is not None:
        record = record | {"is_muted_by_sentry": outcome.is_muted_by_sentry}
    return record if outcome.title is None else record | {"title": outcome.title}
