"""What the end of a job means for its hand-over.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, shaped
from booty.observability.ledger.handover.assignments import Assignment, owe_assignment
from booty.observability.ledger.handover.budget import forget_told
from booty.observability.ledger.schedule.jobs import FilingJob, Job, Outcome


def settle_handing(shelf: Shelf, job: Job, filing: IssueRef | None, outcome: Outcome | None, *, now: float) -> None:
    """Owe what is still to be done for a new issue, and note whether a protected path is where it crashes."""
    forget_told(shelf, job.key)
    if outcome is None or (handing := outcome.handing) is None:
        return
    if filing is not None and (handing.has_agent or handing.assignees):
        wanted = Assignment(job.fingerprint, filing.number, handing.assignees, has_agent=handing.has_agent)
        owe_assignment(shelf, wanted, now=now)
    if isinstance(job, FilingJob) and not job.alert.is_brief:
        _note(shelf, f"alert/{job.fingerprint}", handing.held.path if handing.held is not None else None)


def _note(shelf: Shelf, key: str, path: str | None) -> None:
    """Note the pattern that protects where the problem crashes; without frames, nobody could tell."""
    record = shaped(shelf.get(key), HISTORY)
    if record and record.get("protected") != path:
        kept = {name: value for name, value in record.items() if name != "protected"}
        shelf[key] = kept | ({"protected": path} if path else {})
