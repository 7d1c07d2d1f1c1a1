"""What an alert changes in the ledger when it arrives: it is counted, owed or kept in mind.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from collections.abc import Callable

from booty.observability.alerts.filters import History, Verdict, happened_at, is_after
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.journal.repeats import in_a_line
from booty.observability.ledger.problems.aliases import known_as, remember
from booty.observability.ledger.problems.counting import counted
from booty.observability.ledger.problems.event_ids import CountedEvents
from booty.observability.ledger.problems.history import history_in
from booty.observability.ledger.problems.sightings import first_seen
from booty.observability.ledger.releases.live import placed
from booty.observability.ledger.releases.seen_in import see_release
from booty.observability.ledger.repositories.destinations import KEY as DESTINATION
from booty.observability.ledger.repositories.memory import remembered, take_over
from booty.observability.ledger.schedule.due import move, owe
from booty.observability.ledger.status_changes import unresolved
from booty.observability.ledger.unreported import keep_in_mind

Judge = Callable[[History | None], Verdict]
Note = Callable[[Verdict, str, History | None], int]
"""Notes a verdict in the journal, for the problem of that name with that history; returns the line's number."""


def claim(  # noqa: PLR0913 - what `Claims.claim` is given, by names
    shelf: Shelf, alert: Occurrence, decide: Judge, note: Note, *, job: Record | None, now: float, keep_seconds: float
) -> Verdict:
    """Let `decide` judge the alert, then do what follows; nothing, if it is accepted but there is no `job` for it."""
    name, happened = known_as(shelf, alert.fingerprint, alert.aliases), happened_at(alert, now)
    record = shaped(shelf.get(f"alert/{name}"), HISTORY) or remembered(shelf, name)
    seen_at = None if alert.is_regression else _seen_at(shelf, record, alert)
    events = CountedEvents(shelf, name, alert.event)
    history = history_in(record, alert, is_counted=events.is_known, release_seen_at=seen_at, now=now)
    verdict = decide(history)
    is_accepted = verdict.is_accepted
    if is_accepted and job is None:
        return verdict
    if not (is_accepted or verdict is Verdict.COOLDOWN):
        note(verdict, name, history)
        return verdict
    since = history.claimed_at if history and not is_accepted else None
    record, line = in_a_line(shelf, record, name, lambda: note(verdict, name, history), since=since, now=now)
    see_release(shelf, record, alert, now=now, keep_seconds=keep_seconds, is_accepted=is_accepted)
    if "claimed_at" not in record:
        record = take_over(shelf, record, name)
    if alert.aliases or name != alert.fingerprint:
        record = remember(shelf, record, name, (alert.fingerprint, *alert.aliases))
    if "resolved_at" in record and is_after(record["resolved_at"], happened=happened, release_seen_at=seen_at):
        record = unresolved(shelf, record, name) | {"is_back": True}
    if job is not None and is_accepted:
        record = _accepted(shelf, record, alert, name, job, verdict=verdict, happened=happened, now=now)
        record["line"] = line
    else:
        record = keep_in_mind(record, alert, now, line=line)
    after = placed(counted(record, alert, now), alert)
    after["events_known"] = events.add(happened_at=happened, known=record.get("events_known", 0))
    if job is not None and is_accepted:
        if job["alert"]["fingerprint"] != name:
            job = job | {"alert": job["alert"] | {"fingerprint": name}}
        owe(shelf, name, job, due_at=now, history=after)
    elif record.get("state") == "owed":
        move(shelf, name, record, after)
    shelf[f"alert/{name}"] = after
    return verdict


def _accepted(  # noqa: PLR0913 - as `claim`
    shelf: Shelf,
    record: Record,
    alert: Occurrence,
    name: str,
    job: Record,
    *,
    verdict: Verdict,
    happened: float,
    now: float,
) -> Record:
    """Return the record of a problem that is owed, anew. What passes the cooldown does not begin another."""
    if record.get("state") == "refused":
        shelf.pop(f"refused/{name}", None)
    owed = {field: value for field, value in record.items() if field != DESTINATION}
    if verdict is Verdict.ACCEPTED:
        owed["claimed_at"], owed["exceptions"] = now, 0
    else:
        owed["exceptions"] = record.get("exceptions", 0) + 1
    if alert.is_regression:
        owed["is_back"] = True
    if DESTINATION in job:
        owed[DESTINATION] = job[DESTINATION]
    seen_before = record.get("last_seen", now)
    return owed | {"state": "owed", "event": alert.event, "happened_at": happened, "seen_before": seen_before}


def _seen_at(shelf: Shelf, record: Record, alert: Occurrence) -> float | None:
    """Return when any problem was first seen in the alert's release; a storm of one release need not ask."""
    if not alert.release or {"claimed_at", "resolved_at"}.isdisjoint(record):
        return None
    if alert.release in record.get("releases", {}) and not {"standing", "resolved_at"} & record.keys():
        return None
    return first_seen(shelf, alert.release)
