"""One attempt to tell an existing issue of an alert or a status change."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from booty.observability.delivery.decision import Decision
from booty.observability.delivery.delivery import Delivery
from booty.observability.delivery.follow_up import FollowUp, NotOurs, NotSeen
from booty.observability.delivery.retry import CLOCK_SKEW_SECONDS, FIRST_LOOK_SECONDS
from booty.observability.issues.life.recurrence import compared
from booty.observability.issues.life.step import Ending, Rules
from booty.observability.issues.outcomes import Absent, Passing, Postponed, Refused, Unknown
from booty.observability.ledger.schedule.jobs import Attempt, Job, StatusJob

log = logging.getLogger(__name__)

Trouble = NotSeen | NotOurs | Refused | Postponed | Unknown


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells issues what happened, by what `delivery` holds."""

    delivery: Delivery

    def tell(self, job: Job, issue: int, rules: Rules) -> tuple[bool, Ending | None]:
        """Do what the alert or the status change means for `issue`.

        Return whether the job is over for now; if not, why a new issue is to take the place of this one.
        """
        began_at = self.delivery.clock()
        follow_up = self._follow_up(job, issue)
        ending: Ending | None = None
        handing = self.delivery.handing.of(job)
        decision = Decision(
            job,
            replace(self._trusting(job, rules), handing=handing),
            grant=lambda issue, wanted: self.delivery.handing.again(job, issue.number, wanted),
            clock=self.delivery.clock,
        )
        try:
            ending = follow_up.run(decision)
        except (NotSeen, NotOurs, Refused, Postponed, Unknown) as trouble:
            self._fail(job, follow_up, trouble, began_at=began_at)
            return True, None
        if ending is None:
            outcome = decision.outcome
            self.delivery.queue.settle(
                job,
                None,
                now=self.delivery.clock(),
                outcome=outcome,
                is_proof=follow_up.has_written,
            )
            log.info("issue_followed", extra={"fingerprint": job.key, "issue": issue})
            self.delivery.setbacks.tell_resumed(job, is_proof=follow_up.has_written)
        elif ending == "missing" and not self.delivery.setbacks.is_believed(job):
            self.delivery.setbacks.wait_a_moment(job, attempt=job.attempt, passing=Absent("the issue is not there"))
            return True, None
        else:
            log.info("issue_ended", extra={"fingerprint": job.key, "issue": issue, "ending": ending})
        return ending is None, ending

    def _follow_up(self, job: Job, issue: int) -> FollowUp:
        return FollowUp(
            self.delivery.tracker,
            issue,
            event=job.change.key if isinstance(job, StatusJob) else job.alert.event,
            doubtful_since=job.attempt.began_at - CLOCK_SKEW_SECONDS if job.attempt else None,
            labels=job.notes.labels,
            is_ours=lambda labels: self.delivery.is_ours(job, labels),
        )

    def _fail(self, job: Job, follow_up: FollowUp, trouble: Trouble, *, began_at: float) -> None:
        """Have the rest done later, or by whoever has the job now, with notes of what was done."""
        attempt = job.attempt or (Attempt(began_at) if follow_up.is_doubtful else None)
        missing_at = job.notes.missing_at if isinstance(trouble, Passing) else None
        notes = replace(job.notes, missing_at=missing_at, labels=follow_up.labels)
        job = replace(job, notes=notes)
        if isinstance(trouble, NotSeen):
            self.delivery.setbacks.look_again(job, attempt or Attempt(began_at))
        elif isinstance(trouble, NotOurs):
            self.delivery.queue.postpone(job, due_at=began_at, attempt=attempt, notes=notes, now=self.delivery.clock())
        else:
            is_unknown = isinstance(trouble, Unknown) and attempt is not None
            due_at = attempt.began_at + FIRST_LOOK_SECONDS if attempt and is_unknown else began_at
            self.delivery.setbacks.fail(job, trouble, due_at=due_at, attempt=attempt)

    def _trusting(self, job: Job, rules: Rules) -> Rules:
        """Return the rules with the commits that may be linked."""
        if self.delivery.code_context is None or isinstance(job, StatusJob):
            return rules
        return replace(
            rules,
            trusted=self.delivery.code_context.trusted(compared(job.alert, job.problem), now=self.delivery.clock()),
        )
