"""The jobs that are owed, in the order of time: one queue for each repository; older releases know the home's.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

import heapq
import logging
import re
from collections.abc import Iterable, Iterator

from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import WORK, Record, shaped
from booty.observability.ledger.journal.outcomes import note_outcome
from booty.observability.ledger.problems.history import close
from booty.observability.ledger.repositories.names import AT, mark_in
from booty.observability.ledger.schedule.jobs import STATUS, Job, StatusJob

log = logging.getLogger(__name__)

REFUSED = "refused_at"
"""The key that says when something was refused last."""
DUE = "due"
PLACE = re.compile(r"due(?:@[^/]*)?/(?P<due>\d{15,17})/(?P<name>.+)", re.ASCII | re.DOTALL)
"""A key of the order: when, in milliseconds, and which job."""


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


def in_order(shelf: Shelf, among: Iterable[str] | None = None) -> Iterator[str]:
    """Yield the keys of the queues `among`, or of all, in the order of time."""
    chosen = queues(shelf) if among is None else among
    return heapq.merge(*(shelf.under(queue) for queue in chosen), key=lambda key: key.partition("/")[2])


def owe(shelf: Shelf, name: str, record: Record, *, due_at: float) -> None:
    """Owe the job of that name, to be done at `due_at`; one that is owed anew is so since then."""
    due, since = sortable(due_at), record.get("since", due_at)
    shelf[f"owed/{name}"] = record | {"due": due, "since": since}
    shelf[f"{queue_of(name)}{due}/{name}"] = since


def take_back(shelf: Shelf, name: str, *, lease: str | None = None) -> Record | None:
    """Take the job of that name out, if `lease` still holds it; without a lease, whoever holds it."""
    if f"owed/{name}" not in shelf:
        return None
    record = shaped(shelf.get(f"owed/{name}"), WORK)
    if lease not in {None, record.get("lease")}:
        return None
    shelf.pop(f"{queue_of(name)}{record.get('due')}/{name}", None)
    del shelf[f"owed/{name}"]
    return record


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
            owe(shelf, name, record, due_at=now)
