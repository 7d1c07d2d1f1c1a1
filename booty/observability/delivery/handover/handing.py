"""Who gets the issue of a job: what the settings say, where it crashes, how many had one today."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.handover.choice import handing_of
from booty.observability.alerts.handover.protected import protecting
from booty.observability.alerts.handover.terms import Handing, Held, Terms
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.issues.code.code_context import CodeContext
from booty.observability.issues.page.context import in_repository
from booty.observability.ledger.handover.assignments import Assignment
from booty.observability.ledger.handover.door import HandoverDoor
from booty.observability.ledger.schedule.jobs import FilingJob, Job

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HandingOver:
    """Decides on `terms`; `clock` gives unix seconds."""

    door: HandoverDoor
    terms: Terms
    trigger_label: str
    clock: Callable[[], float]

    def of_new(self, job: FilingJob, code_context: CodeContext | None) -> Handing | None:
        """Return who gets a new issue, the same for every holder of the job; None where nobody does.

        `code_context` knows the repository's own paths. Raises `NotStored`.
        """
        if job.alert.is_test:
            return None
        told = in_repository(job.alert, code_context, SentryPages())[0] if code_context else None
        return self.granted(job, self.of(job, told))

    def of(self, job: Job, told: Alert | None = None) -> Handing:
        """Return who gets the job's issue, unless the budget says otherwise; `told` has the repository's own paths.

        That a protected path is where it crashes is kept: the repository may not tell its paths the next time.
        """
        path = self._path(job, told)
        if path is not None and path != job.problem.protected:
            self.door.protect(job, path)
        return handing_of(self.terms, job.destination, trigger_label=self.trigger_label, path=path)

    def granted(self, job: Job, handing: Handing) -> Handing:
        """Return who gets it, now that it is handed over if it may be. Raises `NotStored`."""
        per_day = self.terms.per_day
        if not per_day or not handing.is_granted:
            return handing
        now = self.clock()
        if self.door.grant(job, per_day=per_day, now=now):
            return handing
        log.info("handover_held", extra={"fingerprint": job.fingerprint, "per_day": per_day})
        return replace(handing, held=Held("budget", per_day=per_day))

    def again(self, job: Job, issue: int, handing: Handing) -> Handing:
        """Return who gets an issue that is reopened; it is owed that the agent starts anew. Raises `NotStored`."""
        handing = self.granted(job, handing)
        if handing.has_agent:
            wanted = Assignment(job.fingerprint, issue, has_agent=True, is_again=True)
            self.door.owe(wanted, now=self.clock())
        return handing

    def _path(self, job: Job, told: Alert | None) -> str | None:
        if job.problem.protected in self.terms.protected:
            return job.problem.protected
        alerts = (job.alert, *((told,) if told else ())) if isinstance(job, FilingJob) else ()
        return protecting(self.terms.protected, alerts)
