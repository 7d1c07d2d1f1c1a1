"""How a job that is not done is given back.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from booty.observability.alerts.issue import SPACING_SECONDS
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import WORK, shaped
from booty.observability.ledger.handover.assignments import Assignment, put_off_assignment
from booty.observability.ledger.journal.outcomes import note_outcome
from booty.observability.ledger.problems.history import close
from booty.observability.ledger.schedule import gate
from booty.observability.ledger.schedule.due import owe, take_back
from booty.observability.ledger.schedule.job_records import attempt_of, notes_of, unheld
from booty.observability.ledger.schedule.jobs import Attempt, Idle, Job, JobNotes, Pause, Stop
from booty.observability.ledger.schedule.ranks import OWN_FAILS, failed

OWN_SECONDS = gate.LONGEST_WAIT_SECONDS - 10.0
"""How long a job waits that fails alone; one that is due later than that counts as due at once."""


def postpone(  # noqa: PLR0913 - all that is known of the job afterwards, by its names
    shelf: Shelf,
    job: Job,
    *,
    due_at: float,
    attempt: Attempt | None,
    pause: Pause | None,
    notes: JobNotes | None,
    now: float,
) -> None:
    """See `Queue.postpone`."""
    gate.open_gate(shelf, job.gates, job.lease, now, pause=pause, is_proof=False)
    record = take_back(shelf, job.key, lease=job.lease)
    if record is not None:
        rest = unheld(record, attempt, notes)
        if pause is not None:
            rest |= failed(rest, gate.gate_in(shelf, job.gates), at=now, is_of_all=pause.is_of_all)
            due_at = max(due_at, now + OWN_SECONDS) if rest["fails"] >= OWN_FAILS else due_at
        owe(shelf, job.key, rest, due_at=due_at)
        if pause is not None:
            note_outcome(shelf, job.key, "postponed", now=now, reason=pause.reason)


def give_back(shelf: Shelf, taken: Job | Assignment | Idle, *, now: float) -> None:
    """Give back what was taken by whoever never learned of it, if it is still held for them."""
    if isinstance(taken, Assignment):
        put_off_assignment(shelf, taken, now, due_at=now, pause=None)
    elif not isinstance(taken, Idle):
        postpone(shelf, taken, due_at=now, attempt=taken.attempt, pause=None, notes=taken.notes, now=now)


def stop(  # noqa: PLR0913 - why everything stops, by its names
    shelf: Shelf, job: Job, reason: str, remedy: str, *, attempt: Attempt | None, now: float
) -> Stop | None:
    """See `Queue.stop`."""
    refused_at = notes_of(shaped(shelf.get(f"owed/{job.key}"), WORK)).stopped_at
    if refused_at is not None and gate.gate_in(shelf, job.gates).get("succeeded_at", 0.0) > refused_at:
        return None
    stopped = gate.stop(shelf, job.gates, now, reason=reason, remedy=remedy)
    record = take_back(shelf, job.key, lease=job.lease)
    if record is not None:
        refused = unheld(record, attempt) | {"stopped_at": now}
        owe(shelf, job.key, refused, due_at=now + SPACING_SECONDS)  # the next try is another's
        note_outcome(shelf, job.key, "postponed", now=now, reason=reason)
    return stopped


def retry(shelf: Shelf, name: str, *, now: float) -> bool:
    """Owe a dead letter once more; return whether there was one."""
    is_there = f"refused/{name}" in shelf
    letter = shaped(shelf.pop(f"refused/{name}"), WORK)
    if is_there:
        if "alert" in letter:
            close(shelf, name, {"state": "owed", "settled_at": now})
        owe(shelf, name, unheld(letter, attempt_of(letter)), due_at=now)
        note_outcome(shelf, name, "retried", now=now)
    return is_there
