"""The closings that wait to be verified, in the order of their next looks.

`verify/<name>` is the closing of a problem's issue, `verify_at/<ms>/<name>` when it is looked at next, with the mark of
the repository after the first word. The problem's history keeps, as `verified`, which closing was. An older release
ignores all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from booty.observability.alerts.issue import MUTE, VERIFIED, Issue
from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.releases.watched import WATCHED
from booty.observability.ledger.repositories.names import mark_in

NEEDED = ("issue", "closed_at", "next")
MOST_LOOKS = 50
"""Closings that one transaction looks at."""


def due(shelf: Shelf, mark: str, now: float) -> Iterator[tuple[str, Record]]:
    """Yield the closings of the repository of that mark which are to be looked at, by the problem's name."""
    for key in list(islice(shelf.under(f"verify_at{mark}/", until=sortable(now)), MOST_LOOKS)):
        name = key.split("/", 2)[2]
        record = closing_in(shelf, name)
        if record.get("next") != key or any(field not in record for field in NEEDED):
            shelf.pop(key)
        else:
            yield name, record


def closing_in(shelf: Shelf, name: str) -> Record:
    """Return the closing of the problem of that name; empty when none waits."""
    return shaped(shelf.get(f"verify/{name}"), WATCHED)


def note_closing(shelf: Shelf, name: str, issue: Issue, *, now: float, keep_seconds: float) -> None:
    """Note how the problem's issue was just read: closed as completed, from when on it waits, or not any more.

    While it waits, at most `keep_seconds`, the problem is remembered.
    """
    record, history = closing_in(shelf, name), shaped(shelf.get(f"alert/{name}"), HISTORY)
    if history.get("issue") != issue.number:
        return
    is_done = issue.is_completed and not issue.is_open and not issue.has(MUTE) and not issue.is_duplicate
    is_told = issue.has(VERIFIED) and "verified" not in history  # by a ledger that was lost
    if not is_done or issue.closed_at is None:
        end(shelf, name, record)
    elif not is_told and issue.closed_at not in {record.get("closed_at"), history.get("verified")}:
        end(shelf, name, record)
        put(shelf, name, {"issue": issue.number, "closed_at": issue.closed_at, "looked_at": now}, at=now)
        keep(shelf, name, history, until=now + keep_seconds)


def keep(shelf: Shelf, name: str, history: Record, *, until: float) -> None:
    """Remember the problem until then (unix seconds) at least."""
    if history.get("forget_at", until) < until:
        shelf[f"alert/{name}"] = history | {"forget_at": until}
        shelf[f"forget/{sortable(until)}/{name}"] = 1


def put(shelf: Shelf, name: str, record: Record, *, at: float) -> None:
    """Keep the closing, to be looked at then (unix seconds)."""
    if "next" in record:
        shelf.pop(record["next"])
    key = f"verify_at{mark_in(name)}/{sortable(at)}/{name}"
    shelf[f"verify/{name}"] = record | {"next": key}
    shelf[key] = 1


def end(shelf: Shelf, name: str, record: Record) -> None:
    """Let it wait no longer."""
    shelf.pop(record.get("next", ""))
    shelf.pop(f"verify/{name}")
