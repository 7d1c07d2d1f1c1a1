"""How a job ends: its issue exists, shows it, was found, was refused, or waits for another alert.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.problem import Problem
from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.handover.budget import give_back
from booty.observability.ledger.handover.settling import settle_handing
from booty.observability.ledger.journal.outcomes import Became, note_outcome
from booty.observability.ledger.problems.history import close
from booty.observability.ledger.problems.standing import learn
from booty.observability.ledger.repositories.names import issue_key, mark_in
from booty.observability.ledger.schedule.due import bury, is_same, owe, take_back
from booty.observability.ledger.schedule.gate import open_gate
from booty.observability.ledger.schedule.job_records import unheld
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Job, Outcome, StatusJob
from booty.observability.ledger.status_changes import owe_status_change
from booty.observability.ledger.unreported import after_delivery, owe_unreported


@dataclass(frozen=True, slots=True)
class Moment:
    """When a job ended, until when its history is of use at least (unix seconds)."""

    now: float
    forget_at: float


def settle(  # noqa: PLR0913 - how the job ended, by names
    shelf: Shelf, job: Job, filing: IssueRef | None, outcome: Outcome | None, at: Moment, *, is_proof: bool
) -> None:
    """See `Queue.settle`."""
    open_gate(shelf, job.gates, job.lease, at.now, is_proof=is_proof)
    settle_handing(shelf, job, filing, outcome, now=at.now)
    if not is_same(shelf, job) or take_back(shelf, job.key) is None:
        return
    _end(shelf, job, outcome, at, is_filed=filing is not None)
    issue = filing.number if filing is not None else job.problem.issue
    became: Became = "filed" if filing is not None else outcome.became if outcome is not None else "unchanged"
    note_outcome(shelf, job.key, became, now=at.now, issue=issue)
    if filing is not None:
        _link(shelf, job.key, filing)
        owe_status_change(shelf, job.key, at.now)
    owe_unreported(shelf, job.fingerprint, at.now)


def adopt(shelf: Shelf, job: Job, filing: IssueRef, *, now: float) -> None:
    """See `Queue.adopt`."""
    open_gate(shelf, job.gates, job.lease, now, is_proof=False)
    record = take_back(shelf, job.key, lease=job.lease)
    if record is not None:
        _link(shelf, job.fingerprint, filing)
        note_outcome(shelf, job.key, "adopted", now=now, issue=filing.number)
        owe(shelf, job.key, unheld(record, None), due_at=now)


def await_alert(shelf: Shelf, job: Job, at: Moment) -> None:
    """See `Queue.await_alert`."""
    open_gate(shelf, job.gates, job.lease, at.now, is_proof=False)
    if is_same(shelf, job) and take_back(shelf, job.key) is not None:
        give_back(shelf, job.key)
        _end(shelf, job, None, at)
        note_outcome(shelf, job.key, "awaiting", now=at.now)
        shelf[f"alert/{job.fingerprint}"] |= {"is_awaited": True}


def refuse(shelf: Shelf, job: Job, reason: str, attempt: Attempt | None, at: Moment) -> None:
    """See `Queue.refuse`."""
    open_gate(shelf, job.gates, job.lease, at.now)
    record = take_back(shelf, job.key, lease=job.lease)
    if record is None:
        return
    bury(shelf, job.key, unheld(record, attempt), reason, at.now)
    if attempt is None:  # otherwise it may have an issue
        give_back(shelf, job.key)
    if isinstance(job, StatusJob):
        _end(shelf, job, None, at)


def _link(shelf: Shelf, fingerprint: str, filing: IssueRef) -> None:
    """Note which issue is the problem's."""
    shelf[f"alert/{fingerprint}"] |= {"issue": filing.number, "url": filing.url}
    shelf[issue_key(mark_in(fingerprint), filing.number)] = fingerprint


def _end(shelf: Shelf, job: Job, outcome: Outcome | None, at: Moment, *, is_filed: bool = False) -> None:
    """Note how the job ended; None when there was no issue to leave in any gates. `is_filed`: the issue is new."""
    key = f"alert/{job.fingerprint}"
    record = shaped(shelf.get(key), HISTORY)
    if not record:
        return
    if not isinstance(job, FilingJob):
        record.pop("resolved_at", None)
    if outcome is not None:
        record = _left(record, outcome, now=at.now)
    shelf[key] = record
    if not isinstance(job, FilingJob):
        return
    is_shown = outcome is None or outcome.is_shown
    doubtful_since = job.attempt.began_at if job.attempt else None
    problem = _shown_in_new(job) if is_filed else job.problem
    shelf[key] = after_delivery(
        record, job.alert, problem, is_shown=is_shown, doubtful_since=doubtful_since, now=at.now
    )
    close(shelf, job.key, {"state": "filed", "settled_at": at.now, "forget_at": at.forget_at})
    shelf[f"forget/{sortable(at.forget_at)}/{job.key}"] = 1


def _shown_in_new(job: FilingJob) -> Problem:
    """Return what a new issue shows of the job's problem; what else came before it was posted has yet to be shown.

    It has the level of its alert. One that was found after a post of unknown outcome may know of no other release.
    """
    problem = replace(job.problem, worst=job.alert.severity, held=None)
    its = {name: at for name, at in problem.releases.items() if name == job.alert.release}
    return problem if job.attempt is None else replace(problem, releases=its)


def _left(record: Record, outcome: Outcome, *, now: float) -> Record:
    """Return the record with how the issue was left."""
    record = learn(record, outcome.standing, now=now)
    if outcome.is_muted_by_sentry is not None:
        record = record | {"is_muted_by_sentry": outcome.is_muted_by_sentry}
    return record if outcome.title is None else record | {"title": outcome.title}
