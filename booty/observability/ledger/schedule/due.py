"""The backlog: owed work in the order of time, leased to one worker at a time.

Every function works on the shelf of one transaction of the ledger, whose docstring names the keys.
"""

from __future__ import annotations

import logging
import re
import uuid
from dataclasses import asdict

from pydantic import ValidationError

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import WORK, Record, shaped
from booty.observability.ledger.problems.history import close, problem_of
from booty.observability.ledger.schedule.gate import (
    LEASE_SECONDS,
    LONGEST_WAIT_SECONDS,
    closed_until,
    gate_in,
    hold,
    hold_longer,
    is_ahead,
    stop_in,
)
from booty.observability.ledger.schedule.jobs import NEWS, Attempt, FilingJob, Idle, Job, Lease, Notes, StatusJob, Stop

log = logging.getLogger(__name__)

NOTES = ("missing_at", "labels", "label_sets", "stopped_at")


PLACE = re.compile(r"due/(?P<due>\d{15,17})/(?P<name>.+)", re.ASCII | re.DOTALL)
"""A key of the queue: when, in milliseconds, and what."""
MOST_FAULTS = 5
"""Fields that a log line names of a record that cannot be read."""


def take_due(shelf: Shelf, now: float, *, token: str) -> Job | Idle:
    """Lease the work that is due first, or return how long to rest."""
    gate = gate_in(shelf)
    if gate.get("at", 0.0) > now + LONGEST_WAIT_SECONDS:  # the clock was set back since
        gate = {}
    opens_at = closed_until(gate, now, token=token)
    if opens_at is not None:
        return Idle(opens_at, is_closed=True, stop=stop_in(gate))
    while (key := next(shelf.under("due/"), None)) is not None:
        if (place := PLACE.fullmatch(key)) is None:
            _mend(shelf, key, now)
            continue
        due_at = int(place["due"]) / 1000
        if is_ahead(due_at, now, within=LONGEST_WAIT_SECONDS):
            return Idle(due_at)
        owed = _take(shelf, key, place["name"], now, failures=gate.get("failures", 0), stop=stop_in(gate))
        if owed is not None:
            hold(shelf, gate, owed.lease, now, token=token)
            return owed
    return Idle(None)


def _mend(shelf: Shelf, key: str, now: float) -> None:
    """Take a damaged `key` out of the queue, and put back what is owed but no longer stands in it."""
    shelf.pop(key, None)
    log.error("queue_key_damaged")
    for owed in list(shelf.under("owed/")):
        name = owed.removeprefix("owed/")
        record = shaped(shelf.get(owed), WORK)
        if f"due/{record.get('due')}/{name}" not in shelf:
            owe(shelf, name, record, due_at=now)


def _take(shelf: Shelf, key: str, name: str, now: float, *, failures: int, stop: Stop | None) -> Job | None:  # noqa: PLR0913 - what a lease is made of
    """Take the work called `name` that the queue's `key` stands for; None when there is none that can be read."""
    shelf.pop(key, None)
    record = take_back(shelf, name)
    if record is None:
        return None
    lease, attempt = uuid.uuid4().hex, attempt_of(record)
    try:
        owed = _read(shelf, record, Lease(lease, attempt, failures, notes_of(record), stop), now)
    except (ValidationError, KeyError) as error:
        faults = error.errors(include_input=False) if isinstance(error, ValidationError) else []
        where = [".".join(map(str, fault["loc"])) for fault in faults[:MOST_FAULTS]]
        log.error("record_unreadable", extra={"fingerprint": name, "fields": where})  # noqa: TRY400 - holds stored text
        bury(shelf, name, record, "the stored alert cannot be read", now)
        return None
    held = unheld(record, attempt or Attempt(now)) | {"lease": lease}
    owe(shelf, name, held, due_at=now + LEASE_SECONDS)
    return owed


def _read(shelf: Shelf, record: Record, lease: Lease, now: float) -> Job:
    """Read owed work. Raises `ValidationError`, `KeyError`."""
    terms = (lease.name, lease.attempt, lease.failures)
    if "news" in record:
        news = StatusChange.model_validate(record["news"])
        return StatusJob(news, *terms, problem_of(shelf, news.fingerprint, now), lease.notes, lease.stop)
    alert = Alert.model_validate(record["alert"])
    problem = problem_of(shelf, alert.fingerprint, now, release=alert.release)
    return FilingJob(alert, *terms, problem, lease.notes, lease.stop)


def renew(shelf: Shelf, owed: Job, now: float, *, labels: tuple[str, ...]) -> bool:
    """Hold the work for another lease; return False when another holder may have it. `labels` are noted."""
    if shaped(shelf.get(f"owed/{owed.key}"), WORK).get("lease") != owed.lease:
        return False
    if not hold_longer(shelf, owed.lease, now):
        return False
    record = take_back(shelf, owed.key) or {}
    owe(shelf, owed.key, record | ({"labels": list(labels)} if labels else {}), due_at=now + LEASE_SECONDS)
    return True


def unheld(record: Record, attempt: Attempt | None, notes: Notes | None = None) -> Record:
    """Return the record of the same work, held by nobody; with `notes` in place of those that it has."""
    noted = record if notes is None else {name: value for name, value in asdict(notes).items() if value}
    subject = {name: record[name] for name in ("alert", "news") if name in record}
    kept = {name: noted[name] for name in NOTES if name in noted}
    return subject | kept | ({"attempted_at": attempt.began_at, "looks": attempt.looks} if attempt else {})


def attempt_of(record: Record) -> Attempt | None:
    """Return the post of unknown outcome in a record of work."""
    return Attempt(record["attempted_at"], record.get("looks", 0)) if record.get("attempted_at") else None


def notes_of(record: Record) -> Notes:
    """Return what an earlier holder noted in a record of work."""
    labels = tuple(label for label in record.get("labels", ()) if isinstance(label, str))
    return Notes(record.get("missing_at"), labels, record.get("label_sets", 0), record.get("stopped_at"))


def take_back(shelf: Shelf, fingerprint: str, *, lease: str | None = None) -> Record | None:
    """Take owed work out of the queue, if `lease` still holds it; without a lease, whoever holds it."""
    if f"owed/{fingerprint}" not in shelf:
        return None
    record = shaped(shelf.get(f"owed/{fingerprint}"), WORK)
    if lease not in {None, record.get("lease")}:
        return None
    shelf.pop(f"due/{record.get('due')}/{fingerprint}", None)
    del shelf[f"owed/{fingerprint}"]
    return record


def is_same(shelf: Shelf, owed: Job) -> bool:
    """Say whether what is owed under that name is still this very alert, or these news, and nothing later."""
    record = shaped(shelf.get(f"owed/{owed.key}"), WORK)
    if isinstance(owed, StatusJob):
        return bool(record.get("news", {}).get("key") == owed.news.key)
    return bool(record.get("alert", {}).get("event") == owed.alert.event)


def owe(shelf: Shelf, fingerprint: str, record: Record, *, due_at: float) -> None:
    """Put work into the queue, to be done at `due_at`."""
    due = sortable(due_at)
    shelf[f"owed/{fingerprint}"] = record | {"due": due}
    shelf[f"due/{due}/{fingerprint}"] = 1


def bury(shelf: Shelf, fingerprint: str, work: Record, reason: str, now: float) -> None:
    """Keep work as a dead letter."""
    shelf[f"refused/{fingerprint}"] = work | {"reason": reason, "refused_at": now}
    if not fingerprint.startswith(NEWS):
        close(shelf, fingerprint, {"state": "refused", "settled_at": now})
