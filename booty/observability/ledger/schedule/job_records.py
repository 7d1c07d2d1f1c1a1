"""A job as it is stored, next to the job as it is leased."""

from __future__ import annotations

from dataclasses import asdict

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.engines.version import doubted_since
from booty.observability.ledger.handover.budget import TOLD_PREFIX
from booty.observability.ledger.problems.known_problem import problem_of
from booty.observability.ledger.repositories.destinations import destination_in
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.repositories.names import unmarked
from booty.observability.ledger.schedule.due import belongings_of
from booty.observability.ledger.schedule.jobs import STATUS, Attempt, FilingJob, Job, JobNotes, Lease, StatusJob

KEPT = ("failed_at", "fails", "is_counted")
NOTES = ("missing_at", "labels", "label_sets", "stopped_at")


def job_in(shelf: Shelf, name: str, record: Record, lease: Lease, *, home: Home, now: float) -> Job:  # noqa: PLR0913 - all that makes a job
    """Return the job of that name, in a record. Raises `Unreadable`, `KeyError`."""
    terms, problem = (lease.name, lease.attempt, lease.failures), name.removeprefix(STATUS)
    history = shaped(shelf.get(f"alert/{problem}"), HISTORY)
    stored = record.get("destination", history.get("destination", {}))
    place = destination_in(stored, repository=home.repository(shelf, problem))
    if "news" in record:
        known = problem_of(shelf, problem, now)
        change = StatusChange.read(unmarked(record["news"]))
        return StatusJob(problem, *terms, known, lease.notes, lease.stop, place, lease.gates, change=change)
    alert = Alert.read(unmarked(record["alert"]))
    known = problem_of(shelf, problem, now, release=alert.release)
    since = doubted_since(shelf, now)
    held = (problem, *terms, known, lease.notes, lease.stop, place, lease.gates)
    return FilingJob(*held, alert=alert, doubted_since=since)


def keys_of(job: Job) -> tuple[str, ...]:
    """Return the keys of what is asked for when a job is held on to, or ends."""
    return (*belongings_of(job.key), f"{TOLD_PREFIX}{job.key}", job.gates.own, job.gates.shared)


def unheld(record: Record, attempt: Attempt | None, notes: JobNotes | None = None) -> Record:
    """Return the record of the same job, held by nobody; with `notes` in place of those that it has."""
    noted = record if notes is None else {name: value for name, value in asdict(notes).items() if value}
    subject = {name: record[name] for name in ("alert", "news", "since", "destination", *KEPT) if name in record}
    kept = {name: noted[name] for name in NOTES if name in noted}
    return subject | kept | ({"attempted_at": attempt.began_at, "looks": attempt.looks} if attempt else {})


def attempt_of(record: Record) -> Attempt | None:
    """Return the post of unknown outcome in a job's record."""
    return Attempt(record["attempted_at"], record.get("looks", 0)) if record.get("attempted_at") else None


def notes_of(record: Record) -> JobNotes:
    """Return what an earlier holder noted in a job's record."""
    labels = tuple(label for label in record.get("labels", ()) if isinstance(label, str))
    return JobNotes(record.get("missing_at"), labels, record.get("label_sets", 0), record.get("stopped_at"))
