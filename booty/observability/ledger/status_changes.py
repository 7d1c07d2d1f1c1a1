"""What a status change of Sentry's changes in the ledger: it waits for its issue, or is owed to it.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from collections.abc import Callable

from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.aliases import SHORT, known_as, remember
from booty.observability.ledger.problems.known_changes import is_new, passed_over, waiting
from booty.observability.ledger.problems.sentry_counts import counted_by_sentry, noted
from booty.observability.ledger.repositories.home import marks_of, with_mark
from booty.observability.ledger.repositories.names import mark_in
from booty.observability.ledger.schedule.due import owe, take_back
from booty.observability.ledger.schedule.jobs import STATUS

Note = Callable[[StatusChange, str | None], int]
"""Notes a change in the journal, with why it is shown nowhere; returns the line's number."""


def record_everywhere(shelf: Shelf, change: StatusChange, note: Note, *, now: float, keep_seconds: float) -> bool:
    """Record the change in every repository that has the problem; return whether it is owed, or will be, in any."""
    marks = marks_of(shelf, (change.fingerprint, *change.aliases))
    changes = [with_mark(change, mark) for mark in marks]
    told = [record_status_change(shelf, each, note, now=now, keep_seconds=keep_seconds) for each in changes]
    return any(told)


def record_status_change(shelf: Shelf, change: StatusChange, note: Note, *, now: float, keep_seconds: float) -> bool:
    """Owe the change to its problem's issue; return whether there is one, or will be, and the change is new."""
    change = change.but(fingerprint=known_as(shelf, change.fingerprint, change.aliases))
    record = shaped(shelf.get(f"alert/{change.fingerprint}"), HISTORY)
    because = _why_not(record, change)
    line = note(change, because)
    is_new_problem = not record
    if change.short_id:
        record = remember(
            shelf, record, change.fingerprint, (f"{SHORT}{change.short_id}{mark_in(change.fingerprint)}",)
        )
    if is_new_problem:
        _remember(shelf, record, change, now=now, forget_at=now + keep_seconds)
        return False
    if because:
        known = _came_to(record, change, now) if because == "no_issue" and is_new(record, change) else record
        shelf[f"alert/{change.fingerprint}"] = (
            known | passed_over(record, change) | noted(change, counted_by_sentry(record))
        )
        return False
    shelf[f"alert/{change.fingerprint}"] = waiting(_came_to(record, change, now), change) | {"news_line": line}
    if "issue" in record:
        owe_status_change(shelf, change.fingerprint, now)
    return True


def _came_to(record: Record, change: StatusChange, now: float) -> Record:
    """Return the record with what the change says of the next alert, or of one that waits: that it came back."""
    known = {name: value for name, value in record.items() if name not in {"resolved_at", "is_back"}}
    if change.change == "resolved":
        return known | {"resolved_at": now}
    return known | {"is_back": True} if change.is_regression and "issue" not in record else known


def owe_status_change(shelf: Shelf, fingerprint: str, now: float) -> None:
    """Owe the change that waited for the issue, if one did, in place of one that the issue does not show yet."""
    record = shelf[f"alert/{fingerprint}"]
    if "waiting" in record:
        take_back(shelf, f"{STATUS}{fingerprint}")
        owe(shelf, f"{STATUS}{fingerprint}", {"news": record.pop("waiting")}, due_at=now)
        shelf[f"alert/{fingerprint}"] = record


def unresolved(shelf: Shelf, record: Record, fingerprint: str) -> Record:
    """Take back that the problem was resolved, which its issue does not show yet: it came back since."""
    take_back(shelf, f"{STATUS}{fingerprint}")
    return {name: value for name, value in record.items() if name not in {"resolved_at", "waiting"}}


def _why_not(record: Record, change: StatusChange) -> str | None:
    """Return why no issue is told of the change, None when one is, or will be."""
    if not ("issue" in record or record.get("state") == "owed"):
        return "no_issue"
    if change.change == "created":
        return "created"
    return None if is_new(record, change) else "known"


def _remember(shelf: Shelf, names: Record, change: StatusChange, *, now: float, forget_at: float) -> None:
    """Remember since when the problem is known, or that it came back, for the issue that it may get."""
    first = change.last_seen.timestamp() if change.last_seen else now
    since = {"first_seen": min(first, now)} if change.change == "created" else {}
    history = _came_to(since, change, now) | passed_over({}, change) | {"forget_at": forget_at} | noted(change)
    shelf[f"alert/{change.fingerprint}"] = names | history
    shelf[f"forget/{sortable(forget_at)}/{change.fingerprint}"] = 1
