"""What is known of a problem after its work was done: what the issue was told, how it was left.

It works on the shelf of one transaction of the ledger, whose docstring names the keys.
"""

from __future__ import annotations

from dataclasses import replace

from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.history import close
from booty.observability.ledger.problems.standing import learn
from booty.observability.ledger.schedule.jobs import FilingJob, Job, Outcome
from booty.observability.ledger.untold import told


def settle(  # noqa: PLR0913 - how the work ended, by names
    shelf: Shelf, owed: Job, outcome: Outcome | None, *, now: float, forget_at: float, is_filed: bool = False
) -> None:
    """Note how the work ended; None when there was no issue to leave in any way. `is_filed`: the issue is new."""
    key = f"alert/{owed.fingerprint}"
    record = shaped(shelf.get(key), HISTORY)
    if not record:
        return
    if not isinstance(owed, FilingJob):
        record.pop("resolved_at", None)
    if outcome is not None:
        record = _left(record, outcome, now=now)
    shelf[key] = record
    if not isinstance(owed, FilingJob):
        return
    is_told = outcome is None or outcome.is_told
    doubtful_since = owed.attempt.began_at if owed.attempt else None
    # A new issue has the level of its alert: one that was kept in mind by then may be worse, and is yet to be told.
    problem = replace(owed.problem, worst=owed.alert.severity, held=None) if is_filed else owed.problem
    shelf[key] = told(record, owed.alert, problem, is_told=is_told, doubtful_since=doubtful_since, now=now)
    close(shelf, owed.key, {"state": "filed", "settled_at": now, "forget_at": forget_at})
    shelf[f"forget/{sortable(forget_at)}/{owed.key}"] = 1


def _left(record: Record, outcome: Outcome, *, now: float) -> Record:
    """Return the record with how the issue was left."""
    record = learn(record, outcome.standing, now=now)
    if outcome.is_muted_by_sentry is not None:
        record = record | {"is_muted_by_sentry": outcome.is_muted_by_sentry}
    return record if outcome.title is None else record | {"title": outcome.title}
