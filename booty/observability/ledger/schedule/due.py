"""The jobs that are owed, in the order of time: one queue for each repository; older releases know the home's.

A job that waits for its time has its place there. One whose time has come is in line: its place is since when it is
owed, and beside it a key under `rank/` holds its place in the order in which jobs are done. The line's places have one
digit more, a zero in front: an older release, which knows no ranks, finds them first, and reads the same time in them.
A job that an older release puts back is lined up by the next lease; a rank that it leaves behind is passed over.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

import heapq
import logging
import re
from collections.abc import Iterator

from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, WORK, Record, shaped
from booty.observability.ledger.journal.outcomes import note_outcome
from booty.observability.ledger.problems.history import close
from booty.observability.ledger.repositories.names import AT, mark_in
from booty.observability.ledger.schedule.jobs import STATUS, Job, StatusJob
from booty.observability.ledger.schedule.ranks import rank_of, real

log = logging.getLogger(__name__)

REFUSED = "refused_at"
"""The key that says when something was refused last."""
DUE, RANK = "due", "rank"
PLACE = re.compile(r"due(?:@[^/]*)?/(?P<due>\d{15,17})/(?P<name>.+)", re.ASCII | re.DOTALL)
"""A key of the order: when, in milliseconds, and which job."""
IN_LINE = 16
"""Digits of a place in line."""


def queue_of(name: str) -> str:
    """Return what the keys begin with that hold the order of the jobs of that name's repository."""
    return f"{DUE}{mark_in(name)}/"


def queues(shelf: Shelf) -> Iterator[str]:
    """Yield what the keys of each queue begin with: the home's, then those of other repositories with jobs."""
    yield queue_of("")
    others, since = f"{DUE}{AT}", ""
    while (key := next(shelf.under(others, since=since), None)) is not None:
        mark = key.removeprefix(others).partition("/")[0]
        yield f"{others}{mark}/"
        since = f"{mark}0"  # which sorts right after "/"


def in_order(shelf: Shelf) -> Iterator[str]:
    """Yield the keys of all queues in the order of time."""
    return heapq.merge(*(shelf.under(queue) for queue in queues(shelf)), key=lambda key: key.partition("/")[2])


def line_of(name: str) -> str:
    """Return what the keys begin with that hold the ranks of the jobs of that name's repository."""
    return f"{RANK}{mark_in(name)}/"


def owe(shelf: Shelf, name: str, record: Record, *, due_at: float, history: Record | None = None) -> None:
    """Owe the job of that name, to be done at `due_at`; one that is owed anew is so since then.

    With the `history` of its problem, it is in line at once.
    """
    since = record.get("since", due_at)
    due = sortable(due_at) if history is None else f"0{sortable(real(since, otherwise=due_at))}"
    shelf[f"owed/{name}"] = record | {"due": due, "since": since}
    shelf[f"{queue_of(name)}{due}/{name}"] = since
    if history is not None:
        shelf[f"{line_of(name)}{rank_of(history, record)}/{name}"] = since


def belongings_of(name: str) -> tuple[str, str]:
    """Return the keys of the job of that name, and of its problem."""
    return f"owed/{name}", f"alert/{name.removeprefix(STATUS)}"


def take_back(shelf: Shelf, name: str, *, lease: str | None = None) -> Record | None:
    """Take the job of that name out, if `lease` still holds it; without a lease, whoever holds it."""
    if f"owed/{name}" not in shelf:
        return None
    record = shaped(shelf.get(f"owed/{name}"), WORK)
    if lease not in {None, record.get("lease")}:
        return None
    shelf.drop(f"{queue_of(name)}{record.get('due')}/{name}")
    if is_in_line(record):
        shelf.drop(f"{line_of(name)}{rank_of(history_of(shelf, name), record)}/{name}")
    del shelf[f"owed/{name}"]
    record.pop("behind", None)
    return record


def is_in_line(record: Record) -> bool:
    """Return whether the time of the job in `record` has come, and its rank is known."""
    return len(record.get("due", "")) == IN_LINE


def history_of(shelf: Shelf, name: str) -> Record:
    """Return the history of the problem that the job of that name is about."""
    return shaped(shelf.get(f"alert/{name.removeprefix(STATUS)}"), HISTORY)


def move(shelf: Shelf, name: str, before: Record, after: Record) -> None:
    """Give the problem's job the rank that its history means now, if it is in its place in line."""
    old, new = rank_of(before, {}), rank_of(after, {})
    if old != new and (since := shelf.pop(f"{line_of(name)}{old}/{name}", None)) is not None:
        shelf[f"{line_of(name)}{new}/{name}"] = since


def is_same(shelf: Shelf, job: Job) -> bool:
    """Return whether the job that is owed by that name is about this very alert or change, and nothing later."""
    record = shaped(shelf.get(f"owed/{job.key}"), WORK)
    if isinstance(job, StatusJob):
        return bool(record.get("news", {}).get("key") == job.change.key)
    return bool(record.get("alert", {}).get("event") == job.alert.event)


def bury(shelf: Shelf, name: str, job: Record, reason: str, now: float) -> None:
    """Keep a job as a dead letter."""
    kept = {field: value for field, value in job.items() if field != "since"}  # tried again, it is owed since then
    shelf[f"refused/{name}"] = kept | {"reason": reason, "refused_at": now}
    shelf[REFUSED] = now
    note_outcome(shelf, name, "refused", now=now, reason=reason)
    if not name.startswith(STATUS):
        close(shelf, name, {"state": "refused", "settled_at": now})


def repair(shelf: Shelf, key: str, now: float) -> None:
    """Take a damaged `key` out of the order, then put back what is owed but no longer in it."""
    shelf.pop(key, None)
    log.error("queue_key_damaged")
    for owed in list(shelf.under("owed/")):
        name = owed.removeprefix("owed/")
        record = shaped(shelf.get(owed), WORK)
        if f"{queue_of(name)}{record.get('due')}/{name}" not in shelf:
            owe(shelf, name, record, due_at=now, history=history_of(shelf, name))
