"""What every attempt at a job needs: the queue, the tracker, the rules of the settings."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from booty.observability.alerts.handover.terms import Terms
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.delivery.handover.assigning import Assigning
from booty.observability.delivery.handover.handing import HandingOver
from booty.observability.delivery.place import Place, nowhere
from booty.observability.delivery.retry import PROMPT_SECONDS
from booty.observability.delivery.setbacks import Setbacks
from booty.observability.issues.code.code_context import CodeContextSource
from booty.observability.issues.life.step import Rules
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.jobs import FilingJob, Job


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an attempt needs; `clock` gives unix seconds.

    `rules` say how issues are followed after their birth; without them, an alert that comes after the cooldown always
    makes a new issue. `code_context` is asked before a post, and which commits a comment may compare; its answer is
    best effort. `sentry` says which addresses of Sentry are linked. `elsewhere` knows other repositories (`owner/name`)
    than that of the settings, which all the rest is about.
    """

    queue: Queue
    tracker: Tracker
    trigger_label: str
    terms: Terms
    rules: Rules | None = None
    code_context: CodeContextSource | None = None
    sentry: SentryPages | None = None
    clock: Callable[[], float] = time.time
    elsewhere: Callable[[str], Place] = nowhere

    def at(self, repository: str | None) -> Delivery:
        """Return what an attempt needs in a repository, None for that of the settings."""
        if repository is None:
            return self
        place = self.elsewhere(repository)
        rules = self.rules and replace(self.rules, web=place.web)
        return replace(self, tracker=place.tracker, rules=rules, code_context=place.code_context)

    @property
    def handing(self) -> HandingOver:
        """Who gets an issue."""
        return HandingOver(self.queue.handover, self.terms, self.trigger_label, self.clock)

    @property
    def assigning(self) -> Assigning:
        """What is done after an issue was created."""
        return Assigning(self.queue.handover, self.tracker, self.clock)

    @property
    def setbacks(self) -> Setbacks:
        """What is done when a call fails."""
        return Setbacks(self.queue, self.clock)

    def page_of(self, job: Job) -> str | None:
        """Return the problem's page in Sentry, None when no address that may be linked is known."""
        address = job.alert.sentry_url if isinstance(job, FilingJob) else job.change.sentry_url
        return self.sentry.link(address) if self.sentry is not None and address else None

    def is_ours(self, job: Job, labels: tuple[str, ...] = ()) -> bool:
        """Renew the lease; return whether it was ours, with time left to write under it: no while nobody can tell."""
        now = self.clock()
        try:
            return self.queue.renew(job, now=now, labels=labels) and self.clock() - now <= PROMPT_SECONDS
        except NotStored:
            return False
