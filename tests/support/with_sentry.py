"""A service that catches up with Sentry at a desk: a real ledger, stand-ins for both sides, a clock of the test's."""

from __future__ import annotations

import json
from pathlib import Path

from support.ledger_doors import KEEP_SECONDS, Ledger
from support.sentry_stand_in import SentryStandIn

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.issue import Issue, IssueRef, Standing
from booty.observability.alerts.routing.way import Routing
from booty.observability.alerts.severity import Severity
from booty.observability.delivery.with_sentry.catching_up import CatchingUp
from booty.observability.delivery.with_sentry.reconciliation import Reconciliation
from booty.observability.ledger.schedule.jobs import FilingJob, Idle, Outcome
from booty.observability.ledger.with_sentry.absences import LifeSign
from booty.observability.ledger.with_sentry.arrived import Arrivals
from booty.observability.ledger.with_sentry.reading_book import ReadingBook
from booty.observability.sentry.api.client import SentryApi
from booty.observability.sentry.api.problems import SentryProblems
from booty.observability.sentry.payload import parse

NOW = 1_800_000_000.0
POLICY = Policy(Severity.ERROR, 6 * 3600.0)


class Place:
    """One ledger with what catches up, as a process of the service has them."""

    def __init__(self, directory: Path, sentry: SentryStandIn, *, is_always: bool = False) -> None:
        self.directory = directory
        self.sentry = sentry
        self.is_always = is_always
        self.now = NOW
        self.numbers = 0
        self.start()

    def start(self) -> None:
        """Begin anew, as after `kill -9`."""
        self.ledger = Ledger(self.directory, keep_seconds=KEEP_SECONDS)
        self.life_sign = LifeSign(self.ledger.engine)
        self.arrivals = Arrivals(self.ledger.engine)
        api = SentryApi(self.sentry.api_url, "acme", self.sentry.environ["SENTRY_AUTH_TOKEN"])
        problems, claims = SentryProblems(api), self.ledger.claims
        self.reconciliation = Reconciliation(problems, self.arrivals, Routing(POLICY), claims, clock=lambda: self.now)
        self.catching_up = CatchingUp(
            ReadingBook(self.ledger.engine),
            self.reconciliation,
            is_always=self.is_always,
            on_claim=lambda: None,
            clock=lambda: self.now,
        )

    def live(self, seconds: float = 0.0) -> None:
        """Let time pass while the service lives."""
        self.life_sign.give(self.now)
        ends_at = self.now + seconds
        while self.now < ends_at:
            self.now = min(self.now + 60, ends_at)
            self.life_sign.give(self.now)

    def be_away(self, seconds: float) -> None:
        """Be killed, and started again so much later."""
        self.now += seconds
        self.start()
        self.life_sign.give(self.now)

    def catch_up(self) -> list[Alert]:
        """Do one cycle, then deliver; return what was delivered, in order."""
        self.catching_up.cycle()
        return self.deliver()

    def hear(self, number: int) -> Verdict:
        """Let the webhook of a problem's last event come."""
        alert = parse(json.dumps(self.sentry.webhook(number)).encode(), "event_alert")
        return self.ledger.claims.claim(alert, lambda known: decide(alert, POLICY, known, self.now), now=self.now)

    def deliver(self) -> list[Alert]:
        """File what is owed, an issue each; those that have one are told."""
        delivered, at = list[Alert](), self.now
        while at <= self.now + 300:
            job = self.ledger.queue.take(now=at)
            if isinstance(job, FilingJob):
                self._do(job, at)
                delivered.append(job.alert)
            else:
                assert isinstance(job, Idle)
                at = job.until or self.now + 301
        return delivered

    def _do(self, job: FilingJob, at: float) -> None:
        if job.problem.issue is not None:
            self.ledger.queue.settle(job, None, now=at, outcome=Outcome(Standing(as_of=at)))
            return
        self.numbers += 1
        filing = IssueRef(self.numbers, f"https://github.com/acme/shop/issues/{self.numbers}")
        self.ledger.queue.settle(job, filing, now=at)

    def close(self, number: int, *, at: float) -> None:
        """Let a person close the issue of that number."""
        closed = Issue(number, is_open=False, is_completed=True, closed_at=at, labels=(), body="")
        self.ledger.closings.learn([closed], as_of=self.now, now=self.now)
