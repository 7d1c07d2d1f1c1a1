"""The backlog: owed work in the order of time, and the gate that lets one worker at a time to the tracker.

Every function works on the shelf of one transaction of the ledger, whose docstring names the keys.
"""

from __future__ import annotations

import logging
import re
import uuid

from pydantic import ValidationError

from booty.observability.alert import Alert
from booty.observability.histories import close, life_of
from booty.observability.news import News
from booty.observability.records import GATE, WORK, Record, shaped
from booty.observability.shelf import JsonShelf
from booty.observability.work import NEWS, Attempt, Lease, Owed, OwedNews, Pause, Rest, Work

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""Longer than the calls to GitHub for one piece of work may take."""
SPACING_SECONDS = 1.0
"""What GitHub asks for between two calls that create something, and that they be made one by one
(https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api)."""
LONGEST_PAUSE_SECONDS = 24 * 3600.0
"""A pause that ends later than that was written under a wrong clock."""
LONGEST_WAIT_SECONDS = 300.0
"""No work is put off longer by itself: a clock set back by an hour must not hold deliveries up for an hour."""


PLACE = re.compile(r"due/(?P<due>\d{15,17})/(?P<name>.+)", re.ASCII | re.DOTALL)
"""A key of the queue: when, in milliseconds, and what."""
MOST_FAULTS = 5
"""Fields that a log line names of a record that cannot be read."""


def take_due(shelf: JsonShelf, now: float) -> Work | Rest:
    """Lease the work that is due first, or return how long to rest."""
    gate = shaped(shelf.get("gate"), GATE)
    if gate.get("at", 0.0) > now + LONGEST_WAIT_SECONDS:  # the clock was set back since
        gate = {}
    opens_at = max(gate.get("busy_until", 0.0), gate.get("paused_until", 0.0))
    if _is_ahead(opens_at, now, within=LONGEST_PAUSE_SECONDS):
        return Rest(opens_at, is_closed=True)
    while (key := next(shelf.under("due/"), None)) is not None:
        if (place := PLACE.fullmatch(key)) is None:
            _mend(shelf, key, now)
            continue
        due_at = int(place["due"]) / 1000
        if _is_ahead(due_at, now, within=LONGEST_WAIT_SECONDS):
            return Rest(due_at)
        owed = _hold(shelf, key, place["name"], now, failures=gate.get("failures", 0))
        if owed is not None:
            shelf["gate"] = gate | {"holder": owed.lease, "at": now, "busy_until": now + LEASE_SECONDS}
            return owed
    return Rest(None)


def _mend(shelf: JsonShelf, key: str, now: float) -> None:
    """Take a damaged `key` out of the queue, and put back what is owed but no longer stands in it."""
    shelf.pop(key, None)
    log.error("queue_key_damaged")
    for owed in list(shelf.under("owed/")):
        name = owed.removeprefix("owed/")
        record = shaped(shelf.get(owed), WORK)
        if f"due/{record.get('due')}/{name}" not in shelf:
            owe(shelf, name, record, due_at=now)


def _hold(shelf: JsonShelf, key: str, name: str, now: float, *, failures: int) -> Work | None:
    """Take the work called `name` that the queue's `key` stands for; None when there is none that can be read."""
    shelf.pop(key, None)
    record = take_back(shelf, name)
    if record is None:
        return None
    lease, attempt = uuid.uuid4().hex, attempt_of(record)
    try:
        owed = _read(shelf, record, Lease(lease, attempt, failures), now)
    except (ValidationError, KeyError) as error:
        faults = error.errors(include_input=False) if isinstance(error, ValidationError) else []
        where = [".".join(map(str, fault["loc"])) for fault in faults[:MOST_FAULTS]]
        log.error("record_unreadable", extra={"fingerprint": name, "fields": where})  # noqa: TRY400 - holds stored text
        bury(shelf, name, record, "the stored alert cannot be read", now)
        return None
    held = unheld(record, attempt or Attempt(now)) | {"lease": lease}
    owe(shelf, name, held, due_at=now + LEASE_SECONDS)
    return owed


def _read(shelf: JsonShelf, record: Record, lease: Lease, now: float) -> Work:
    """Read owed work. Raises `ValidationError`, `KeyError`."""
    if "news" in record:
        news = News.model_validate(record["news"])
        return OwedNews(news, lease.name, lease.attempt, lease.failures, life_of(shelf, news.fingerprint, now))
    alert = Alert.model_validate(record["alert"])
    return Owed(alert, lease.name, lease.attempt, lease.failures, life_of(shelf, alert.fingerprint, now))


def unheld(record: Record, attempt: Attempt | None) -> Record:
    """Return the record of the same work, held by nobody."""
    subject = {kind: record[kind] for kind in ("alert", "news") if kind in record}
    return subject | ({"attempted_at": attempt.began_at, "looks": attempt.looks} if attempt else {})


def attempt_of(record: Record) -> Attempt | None:
    """Return the post of unknown outcome in a record of work."""
    return Attempt(record["attempted_at"], record.get("looks", 0)) if record.get("attempted_at") else None


def _is_ahead(moment: float, now: float, *, within: float) -> bool:
    """Say whether to wait for `moment`; one that lies too far ahead was written under a wrong clock."""
    return now < moment <= now + within


def take_back(shelf: JsonShelf, fingerprint: str, *, lease: str | None = None) -> Record | None:
    """Take owed work out of the queue, if `lease` still holds it; without a lease, whoever holds it."""
    if f"owed/{fingerprint}" not in shelf:
        return None
    record = shaped(shelf.get(f"owed/{fingerprint}"), WORK)
    if lease not in {None, record.get("lease")}:
        return None
    shelf.pop(f"due/{record.get('due')}/{fingerprint}", None)
    del shelf[f"owed/{fingerprint}"]
    return record


def is_same(shelf: JsonShelf, owed: Work) -> bool:
    """Say whether what is owed under that name is still this very alert, or these news, and nothing later."""
    record = shaped(shelf.get(f"owed/{owed.key}"), WORK)
    if isinstance(owed, OwedNews):
        return bool(record.get("news", {}).get("key") == owed.news.key)
    return bool(record.get("alert", {}).get("event") == owed.alert.event)


def owe(shelf: JsonShelf, fingerprint: str, record: Record, *, due_at: float) -> None:
    """Put work into the queue, to be done at `due_at`."""
    due = sortable(due_at)
    shelf[f"owed/{fingerprint}"] = record | {"due": due}
    shelf[f"due/{due}/{fingerprint}"] = 1


def bury(shelf: JsonShelf, fingerprint: str, work: Record, reason: str, now: float) -> None:
    """Keep work as a dead letter."""
    shelf[f"refused/{fingerprint}"] = work | {"reason": reason, "refused_at": now}
    if not fingerprint.startswith(NEWS):
        close(shelf, fingerprint, {"state": "refused", "settled_at": now})


def open_gate(shelf: JsonShelf, owed: Work, now: float, *, pause: Pause | None = None) -> None:
    """Let the next piece of work begin after the spacing, or after the pause; only its holder opens the gate."""
    gate = shaped(shelf.get("gate"), GATE)
    if gate.get("holder") != owed.lease:
        return
    failures = gate.get("failures", 0) + 1 if pause else 0
    opened = {"at": now, "busy_until": now + SPACING_SECONDS, "failures": failures}
    shelf["gate"] = opened | ({"paused_until": pause.until, "reason": pause.reason} if pause else {})


def sortable(seconds: float) -> str:
    """Return a time as digits that sort as text, in milliseconds."""
    return f"{round(seconds * 1000):015d}"
