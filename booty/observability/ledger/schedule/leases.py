"""The lease of a job: one worker holds it, for as long as it renews the lease.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence

from booty.observability.alerts.keeping.value import Unreadable
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.ledger.engines.engine import LAST, Ranges, Shelf
from booty.observability.ledger.engines.records import WORK, Record, shaped
from booty.observability.ledger.engines.version import KEY as VERSION
from booty.observability.ledger.handover.assignments import PREFIX as ASSIGNMENTS
from booty.observability.ledger.repositories.home import KEY as HOME
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.repositories.names import AT
from booty.observability.ledger.schedule.due import DUE, bury, owe, queue_of, queues, take_back
from booty.observability.ledger.schedule.gate import (
    LEASE_SECONDS,
    LONGEST_WAIT_SECONDS,
    closed_until,
    gate_in,
    hold,
    hold_longer,
    stop_in,
)
from booty.observability.ledger.schedule.gates import Gates, GatesOf
from booty.observability.ledger.schedule.job_records import attempt_of, job_in, notes_of, unheld
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Idle, Job, Lease
from booty.observability.ledger.schedule.line import line_up, next_due, next_in_line, ranges_of
from booty.observability.ledger.storm.holding_back import is_held_back
from booty.observability.ledger.storm.state import KEY as STORM

log = logging.getLogger(__name__)

MOST_PASSED_OVER = 5
"""Jobs that one transaction puts into a digest: of each, a dozen reads may cross a network."""


def look_ahead(gates_of: GatesOf) -> tuple[tuple[str, ...], Ranges]:
    """Return the keys and ranges in which a job is looked for, as far as they are known before."""
    gates, ranges = gates_of(None), ranges_of(queue_of(""))
    return (HOME, VERSION, gates.own, gates.shared, STORM), ((ASSIGNMENTS, "", LAST), (f"{DUE}{AT}", "", LAST), *ranges)


def take_due(shelf: Shelf, now: float, *, gates_of: GatesOf, home: Home, storm: StormLimit | None = None) -> Job | Idle:
    """Lease the job that is next in line of those whose gates are open, or return how long to rest.

    What is beyond `storm` goes into its digest instead.
    """
    lines, closed = _lines(shelf, now, gates_of=gates_of, home=home)
    if not all(line_up(shelf, line, gate, now) for line, gate in lines.items()):
        return _rest(closed, now)  # claims may come in between
    for passed_over in range(MOST_PASSED_OVER):
        if (name := next_in_line(shelf, lines, now)) is None:
            has_digest = storm is not None and passed_over  # whose turn may have come
            return _rest(closed, now if has_digest else next_due(shelf, lines))
        gates = gates_of(home.repository(shelf, name))
        gate = _gate_in(shelf, gates, now)
        job = _take(shelf, name, gates, gate, now, home=home, storm=storm)
        if job is not None:
            hold(shelf, gates, gate | {"turns": gate.get("turns", 0) + 1}, job.lease, now)
            return job
    return _rest(closed, now)


def _lines(shelf: Shelf, now: float, *, gates_of: GatesOf, home: Home) -> tuple[dict[str, Record], list[Idle]]:
    """Return the lines of the repositories that may be called, with their gates, then how long others must wait."""
    lines, closed = dict[str, Record](), list[Idle]()
    for line in queues(shelf):
        repository = home.repository(shelf, line.removesuffix("/"))
        gates = gates_of(repository)
        gate = _gate_in(shelf, gates, now)
        opens_at = closed_until(shelf, gates, now) if gate else None
        if opens_at is None:
            lines[line] = gate
        else:
            stop = stop_in(gate_in(shelf, gates))
            closed.append(Idle(opens_at, is_closed=True, stops=((repository, stop),) if stop else ()))
    return lines, closed


def _gate_in(shelf: Shelf, gates: Gates, now: float) -> Record:
    gate = gate_in(shelf, gates)
    return {} if gate.get("at", 0.0) > now + LONGEST_WAIT_SECONDS else gate  # the clock was set back since


def _rest(closed: Sequence[Idle], due_at: float | None) -> Idle:
    """Return how long to rest for what is due next, or for a gate that opens before."""
    moments = [each.until for each in closed if each.until is not None] + ([] if due_at is None else [due_at])
    stops = tuple(stop for each in closed for stop in each.stops)
    return Idle(min(moments, default=None), is_closed=bool(closed), stops=stops)


def _take(  # noqa: PLR0913 - all that is known of it
    shelf: Shelf, name: str, gates: Gates, gate: Record, now: float, *, home: Home, storm: StormLimit | None
) -> Job | None:
    """Take the job of that name, None when there is none that can be read, or it is held back."""
    record = take_back(shelf, name)
    if record is None:
        return None
    attempt = attempt_of(record)
    lease = Lease(uuid.uuid4().hex, attempt, gate.get("failures", 0), notes_of(record), stop_in(gate), gates)
    try:
        job = job_in(shelf, name, record, lease, home=home, now=now)
    except (Unreadable, KeyError) as error:
        fields = error.fields if isinstance(error, Unreadable) else []
        log.error("record_unreadable", extra={"fingerprint": name, "fields": fields})  # noqa: TRY400 - holds stored text
        bury(shelf, name, record, "the stored alert cannot be read", now)
        return None
    if storm is not None and isinstance(job, FilingJob) and is_held_back(shelf, job, record, storm, now):
        return None
    held = unheld(record, attempt or Attempt(now)) | {"lease": lease.name}
    owe(shelf, name, held, due_at=now + LEASE_SECONDS)
    return job


def renew(shelf: Shelf, job: Job, now: float, *, labels: tuple[str, ...]) -> bool:
    """Hold the job for another lease; return False when another holder may have it. `labels` are noted."""
    if shaped(shelf.get(f"owed/{job.key}"), WORK).get("lease") != job.lease:
        return False
    if not hold_longer(shelf, job.gates, job.lease, now):
        return False
    record = take_back(shelf, job.key) or {}
    owe(shelf, job.key, record | ({"labels": list(labels)} if labels else {}), due_at=now + LEASE_SECONDS)
    return True
