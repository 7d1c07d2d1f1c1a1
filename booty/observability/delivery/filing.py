"""One attempt to file an alert as a new issue: look for it, adopt it, post it."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, replace

from booty.observability.alerts.handover.terms import Handing
from booty.observability.alerts.issue import IssueRef, Standing
from booty.observability.delivery.code_search.beginning import began_at_of
from booty.observability.delivery.delivery import Delivery
from booty.observability.delivery.retry import CLOCK_SKEW_SECONDS, FIRST_LOOK_SECONDS
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.birth import begin
from booty.observability.issues.life.handing import handed
from booty.observability.issues.life.step import Ending
from booty.observability.issues.life.worse_level import fingerprint_of
from booty.observability.issues.outcomes import LabelRefused, Postponed, Refused, Unknown
from booty.observability.issues.page.body import render
from booty.observability.ledger.problems.aliases import rules_in
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Outcome

log = logging.getLogger(__name__)

ADOPTION_SECONDS = 90 * 24 * 3600.0  # how old a rule's issue may be that is adopted
LATE_SECONDS = 60.0
"""After how long whoever sent a test alert may wait for its issue no more."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Files alerts by what `delivery` holds."""

    delivery: Delivery

    def file(self, job: FilingJob, ending: Ending | None) -> None:
        """Create the issue, or find that of an earlier post; `ending`: why it replaces another. Raises `NotStored`."""
        code_context = None
        if job.attempt is None and self.delivery.code_context is not None:
            began_at = None if ending else began_at_of(job)
            code_context = self.delivery.code_context.gather(job.alert, began_at=began_at, now=self.delivery.clock())
        draft = render(
            job.alert,
            trigger_label=self.delivery.trigger_label,
            code_context=code_context,
            sentry=self.delivery.sentry,
        )
        if job.attempt is None and self._adopt(job, draft):
            return
        handing = self.delivery.handing.of_new(job, code_context)
        if handing is not None:
            draft = handed(draft, handing)
        if self.delivery.rules is not None:
            draft = begin(draft, job.problem, ending)
        if job.attempt is not None:
            self._look(job, draft, job.attempt, handing)
        elif self.delivery.is_ours(job):
            self._post(job, draft, handing)
        else:
            self.delivery.queue.postpone(job, due_at=self.delivery.clock(), attempt=None, now=self.delivery.clock())

    def _adopt(self, job: FilingJob, draft: Draft) -> bool:
        """Take an issue that the ledger does not know; return whether that was all. To it, the alert is one more.

        Older releases made one of each firing of a rule; a database that was replaced may lack what was filed last.
        """
        names, since = rules_in((job.alert.fingerprint, *job.alert.aliases)), self.delivery.clock() - ADOPTION_SECONDS
        if not names and job.doubted_since is not None and not job.alert.is_test:
            names, since = (job.alert.fingerprint,), job.doubted_since
        if not names or job.problem.issue is not None or self.delivery.rules is None:
            return False
        try:
            found = (self.delivery.tracker.find_rule(draft, name, since=since) for name in names)
            filing = next(filter(None, found), None)
        except (Refused, Postponed, Unknown) as failure:
            self.delivery.setbacks.fail(job, failure, due_at=self.delivery.clock(), attempt=None)
            return True
        if filing is not None:
            self.delivery.queue.adopt(job, filing, now=self.delivery.clock())
            log.info("issue_adopted", extra={"fingerprint": job.fingerprint, "issue": filing.number})
        return filing is not None

    def _post(self, job: FilingJob, draft: Draft, handing: Handing | None) -> None:
        began_at = self.delivery.clock()
        try:
            filing = self.delivery.tracker.create(replace(draft, labels=_labels(draft.labels, job.notes.label_sets)))
        except LabelRefused as refusal:
            self._post_with_fewer_labels(job, draft, refusal)
        except (Refused, Postponed) as failure:
            self._ask_again(failure)
            self.delivery.setbacks.fail(job, failure, due_at=began_at, attempt=None)
        except Unknown as doubt:
            self._ask_again(doubt)
            self.delivery.setbacks.fail(job, doubt, due_at=began_at + FIRST_LOOK_SECONDS, attempt=Attempt(began_at))
        else:
            self._settle(job, filing, draft, handing)

    def _ask_again(self, failure: Refused | Postponed | Unknown) -> None:
        """Look for the code context again with the next try: what failed for it may have been what failed here."""
        if self.delivery.code_context is not None and not isinstance(failure, Refused):
            self.delivery.code_context.ask_again()

    def _post_with_fewer_labels(self, job: FilingJob, draft: Draft, refusal: LabelRefused) -> None:
        """Have it posted again with the next set of labels; a refused label must not cost the alert."""
        tried = _labels(draft.labels, job.notes.label_sets)
        if not tried:
            self.delivery.setbacks.refuse(job, refusal, attempt=None)
            return
        notes, now = replace(job.notes, label_sets=job.notes.label_sets + 1), self.delivery.clock()
        self.delivery.queue.postpone(job, due_at=now, attempt=None, notes=notes, now=now)
        log.error("labels_refused", extra={"fingerprint": job.key, "labels": tried, "reason": str(refusal)})

    def _look(self, job: FilingJob, draft: Draft, attempt: Attempt, handing: Handing | None) -> None:
        """Look for the issue of a post of unknown outcome."""
        now = self.delivery.clock()
        try:
            filing = self.delivery.tracker.find(draft, since=attempt.began_at - CLOCK_SKEW_SECONDS)
        except (Refused, Postponed, Unknown) as failure:
            self.delivery.setbacks.fail(job, failure, due_at=now, attempt=attempt)
        else:
            if filing is not None:
                self._settle(job, filing, draft, handing)
            else:
                self.delivery.setbacks.look_again(job, attempt)

    def _settle(self, job: FilingJob, filing: IssueRef, draft: Draft, handing: Handing | None) -> None:
        self._close_late_test(job, filing)
        now = self.delivery.clock()
        outcome = Outcome(Standing(as_of=now), title=fingerprint_of(draft.title), handing=handing)
        self.delivery.queue.settle(job, filing, now=now, outcome=outcome)
        about = {"fingerprint": job.alert.fingerprint, "issue": filing.number, "url": filing.url}
        log.info("issue_filed", extra=about)
        self.delivery.setbacks.tell_resumed(job)

    def _close_late_test(self, job: FilingJob, filing: IssueRef) -> None:
        """Close the issue of a test alert that comes late, as `booty test-alert` does that no longer waits for it."""
        sent_at = job.alert.occurred_at
        if not job.alert.is_test or sent_at is None or self.delivery.clock() - sent_at.timestamp() < LATE_SECONDS:
            return
        self.delivery.tracker.rest()
        if self.delivery.is_ours(job):
            with suppress(Refused, Postponed, Unknown):  # best effort: the issue itself is filed
                self.delivery.tracker.edit(filing.number, Edit(state="not_planned"))


def _labels(labels: tuple[str, ...], refused: int) -> tuple[str, ...]:
    """Return the labels to post with after so many sets were `refused`: all, each alone, none."""
    return (labels, *((label,) for label in labels), ())[min(refused, len(labels) + 1)]
