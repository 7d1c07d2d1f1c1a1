"""What Sentry saw that never arrived here, found by asking, then claimed as any alert is.

Guarantee: what is reported as left was not claimed, all else that was missing was. Claiming twice is harmless: a
problem that was claimed is known, and a webhook that still comes is a repetition.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import decide
from booty.observability.alerts.listed_problem import Found, ListedProblem, Report
from booty.observability.alerts.routing.way import Routing
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.with_sentry.arrived import Arrivals
from booty.observability.sentry.api.client import Absent, SentryTrouble
from booty.observability.sentry.api.problems import SentryProblems

log = logging.getLogger(__name__)

MOST = 20
"""Problems that are claimed in one cycle."""
MOST_LOOKS = 100
"""Problems of which is asked, in one cycle, when they came back."""
PROJECT_SECONDS = 30 * 24 * 3600.0
"""How long a project is known after its last alert."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Compares what Sentry saw with what arrived; `claims` is None where nothing is to be claimed.

    `organization` is whose problems these are, as routes name it.
    """

    problems: SentryProblems
    arrivals: Arrivals
    routing: Routing
    claims: Claims | None
    organization: str | None = None
    clock: Callable[[], float] = field(default=time.time)

    def run(self, *, since: float, until: float, is_ours: Callable[[], bool] = lambda: True) -> Report:
        """Claim what Sentry saw between `since` and `until` (unix seconds), or saw come back, and never arrived.

        `is_ours` is asked before each problem: as soon as it says no, the rest is left. Raises `SentryTrouble`,
        `NotStored`.
        """
        missing, found, looks = self._missing(since, until, is_ours), list[Found](), 0
        for at, problem in enumerate(missing):
            if len(found) == MOST or looks == MOST_LOOKS or not is_ours():
                return Report(tuple(found), missing[at:])
            if problem.is_back:
                looks += 1
                if not self._is_back_since(problem, since, until):
                    continue
            looks += bool(self.routing.routes)
            if (claimed := self._claim(problem)) is not None:
                found.append(claimed)
        return Report(tuple(found))

    def _missing(self, since: float, until: float, is_ours: Callable[[], bool]) -> tuple[ListedProblem, ...]:
        """Return what would be filed but is not known here, each once, oldest first."""
        now = self.clock()
        projects = self.arrivals.projects(since=now - PROJECT_SECONDS)
        missing: dict[str, ListedProblem] = {}
        for page in self.problems.seen_since(since) if projects else ():
            if not is_ours():
                return ()
            wanted = (
                each
                for each in page
                if each.project in projects
                and since <= each.seen_at
                and (each.is_back or each.first_seen <= until)
                and self.routing.may_file(each.alert, now=now)
            )
            missing |= {each.number: each for each in self.arrivals.missing(wanted)}
        return tuple(sorted(missing.values(), key=lambda each: (each.seen_at, each.number)))

    def _is_back_since(self, problem: ListedProblem, since: float, until: float) -> bool:
        """Return whether it came back in that time without an alert of it, as far as Sentry says when."""
        try:
            came_back_at = self.problems.came_back_at(problem)
        except Absent:
            came_back_at = None
        if came_back_at is None:
            return True
        return since <= came_back_at <= until and not self.arrivals.came_since(problem, since=came_back_at)

    def _claim(self, problem: ListedProblem) -> Found | None:
        """Claim the problem, if that is wanted; return what was found, None where its route files nothing of it."""
        if self.claims is None and not self.routing.routes:
            return Found(problem, None)
        alert, now = self._alert_of(problem), self.clock()
        way = self.routing.way_of(alert, organization=self.organization)
        if way.is_dropped or not decide(alert, way.policy, None, now).is_accepted:
            return None
        if self.claims is None:
            return Found(problem, None)
        if problem.first_seen:
            alert = alert.but(first_seen=datetime.fromtimestamp(problem.first_seen, UTC))
        destination = way.destination
        verdict = self.claims.claim(
            alert, lambda history: decide(alert, way.policy, history, now), destination=destination, now=now
        )
        about = {"fingerprint": alert.fingerprint, "verdict": verdict.value, "lacks_event": alert.lacks_event}
        log.info("alert_reconciled", extra=about)
        return Found(problem, verdict)

    def _alert_of(self, problem: ListedProblem) -> Alert:
        """Return the alert of its last event, or what the list says where the event cannot be read."""
        try:
            return self.problems.alert_of(problem)
        except SentryTrouble as trouble:
            if not trouble.is_permanent:
                raise
            about = {"fingerprint": problem.alert.fingerprint, "reason": str(trouble), "remedy": trouble.remedy}
            log.warning("event_not_read", extra=about)
            return problem.alert
