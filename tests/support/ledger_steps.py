"""The steps of a ledger's day: an alert is claimed, leased, filed."""

from __future__ import annotations

from pathlib import Path

from support.ledger_doors import Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.schedule.jobs import FilingJob

NOW = 1_800_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR
POLICY = Policy(Severity.ERROR, 6 * HOUR)


def ledger(directory: Path) -> Ledger:
    """Open the ledger in a directory."""
    return Ledger(directory)


def alert(fingerprint: str = "1:1", event: str = "a") -> Alert:
    """Return a small alert."""
    return Alert(fingerprint=fingerprint, event=event, severity=Severity.ERROR)


def claim(of: Ledger, one: Alert, now: float = NOW) -> Verdict:
    """Claim an alert as the webhook does."""
    return of.claims.claim(one, lambda history: decide(one, POLICY, history, now), now=now)


def lease(of: Ledger, now: float = NOW) -> FilingJob:
    """Lease the job that is due."""
    job = of.queue.take(now=now)
    assert isinstance(job, FilingJob)
    return job


def file(of: Ledger, one: Alert, now: float = NOW) -> None:
    """Claim an alert, and have its issue filed."""
    claim(of, one, now)
    of.queue.settle(lease(of, now), IssueRef(7, "https://github.com/acme/shop/issues/7"), now=now)
