"""What the end of a job means for its hand-over.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.handover.assignments import Assignment, owe_assignment
from booty.observability.ledger.handover.budget import forget_told
from booty.observability.ledger.schedule.jobs import Job, Outcome


def settle_handing(shelf: Shelf, job: Job, filing: IssueRef | None, outcome: Outcome | None, *, now: float) -> None:
    """Owe what is still to be done for a new issue; what the job was told of the budget has had its use."""
    forget_told(shelf, job.key)
    handing = outcome.handing if outcome is not None else None
    if filing is not None and handing is not None and (handing.has_agent or handing.assignees):
        wanted = Assignment(job.fingerprint, filing.number, handing.assignees, has_agent=handing.has_agent)
        owe_assignment(shelf, wanted, now=now)
