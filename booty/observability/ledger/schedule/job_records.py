"""A job as it is stored, next to the job as it is leased."""

from __future__ import annotations

from dataclasses import asdict

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.problems.known_problem import problem_of
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Job, Lease, Notes, StatusJob

NOTES = ("missing_at", "labels", "label_sets", "stopped_at")


def job_in(shelf: Shelf, record: Record, lease: Lease, now: float) -> Job:
    """Return the job in a record. Raises `ValidationError`, `KeyError`."""
    terms = (lease.name, lease.attempt, lease.failures)
    if "news" in record:
        change = StatusChange.model_validate(record["news"])
        return StatusJob(change, *terms, problem_of(shelf, change.fingerprint, now), lease.notes, lease.stop)
    alert = Alert.model_validate(record["alert"])
    problem = problem_of(shelf, alert.fingerprint, now, release=alert.release)
    return FilingJob(alert, *terms, problem, lease.notes, lease.stop)


def unheld(record: Record, attempt: Attempt | None, notes: Notes | None = None) -> Record:
    """Return the record of the same job, held by nobody; with `notes` in place of those that it has."""
    noted = record if notes is None else {name: value for name, value in asdict(notes).items() if value}
    subject = {name: record[name] for name in ("alert", "news", "since") if name in record}
    kept = {name: noted[name] for name in NOTES if name in noted}
    return subject | kept | ({"attempted_at": attempt.began_at, "looks": attempt.looks} if attempt else {})


def attempt_of(record: Record) -> Attempt | None:
    """Return the post of unknown outcome in a job's record."""
    return Attempt(record["attempted_at"], record.get("looks", 0)) if record.get("attempted_at") else None


def notes_of(record: Record) -> Notes:
    """Return what an earlier holder noted in a job's record."""
    labels = tuple(label for label in record.get("labels", ()) if isinstance(label, str))
    return Notes(record.get("missing_at"), labels, record.get("label_sets", 0), record.get("stopped_at"))
