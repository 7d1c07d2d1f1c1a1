"""One attempt at one piece of owed work, and what the ledger is told of it.

That a post begins is on disk before it begins (`ledger.lease`). When its outcome is not known, nothing is posted before
its marker was looked for twice, spaced so that a list that lags by less than `SECOND_LOOK_SECONDS` has caught up; one
of the two spaces holds even when the clock is set forward. The lease is renewed from call to call: a holder that was
held up does not write, since another may have its work by then.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from booty.observability.alerts.issue import IssueRef, Standing
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.delivery.decision import Decision
from booty.observability.delivery.follow_up import FollowUp, NotOurs, NotSeen
from booty.observability.delivery.retry import CLOCK_SKEW_SECONDS, FIRST_LOOK_SECONDS, PROMPT_SECONDS
from booty.observability.delivery.setbacks import Setbacks
from booty.observability.issues.code.code_context import CodeContextSource
from booty.observability.issues.draft import Draft
from booty.observability.issues.life.birth import begin
from booty.observability.issues.life.recurrence import compared
from booty.observability.issues.life.step import Ending, Rules
from booty.observability.issues.life.worse_level import fingerprint_of
from booty.observability.issues.outcomes import Absent, LabelRefused, Postponed, Refused, Unknown
from booty.observability.issues.page.body import render
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.problems.aliases import rules_in
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Job, Outcome, StatusJob

log = logging.getLogger(__name__)

ADOPTION_SECONDS = 90 * 24 * 3600.0
"""How old an issue may be that is adopted."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an attempt needs; `clock` gives unix seconds.

    `rules` say how issues are followed after their birth; without them, an alert that comes after the cooldown always
    makes a new issue. `code_context` is asked before a post, and which commits a comment may compare; its answer is
    best effort. `sentry` says which addresses of Sentry are linked.
    """

    queue: Queue
    tracker: Tracker
    trigger_label: str
    rules: Rules | None = None
    code_context: CodeContextSource | None = None
    sentry: SentryPages | None = None
    clock: Callable[[], float] = time.time

    @property
    def setbacks(self) -> Setbacks:
        """What is done when a call fails."""
        return Setbacks(self.queue, self.clock)

    def page_of(self, owed: Job) -> str | None:
        """Return the problem's page in Sentry, None when no address that may be linked is known."""
        address = owed.alert.sentry_url if isinstance(owed, FilingJob) else owed.change.sentry_url
        return self.sentry.link(address) if self.sentry is not None and address else None

    def attempt(self, owed: Job) -> None:
        """File the alert, or do to its issue what the alert or the status change means. Raises `NotStored`."""
        began_at = self.clock()
        if owed.stop is not None:
            try:
                self.tracker.check()
            except (Refused, Postponed, Unknown) as failure:
                self.setbacks.fail(owed, failure, due_at=began_at, attempt=owed.attempt)
                return
            if not self._is_ours(owed):
                return
        ending = None
        if owed.problem.issue is not None and self.rules is not None:
            is_done, ending = self._follow(owed, owed.problem.issue, self.rules)
            if is_done:
                return
        if isinstance(owed, StatusJob) and owed.change.change != "unresolved":
            self.queue.settle(owed, None, now=self.clock(), is_proof=False)
        elif isinstance(owed, StatusJob) or owed.alert.is_brief:
            self.queue.await_alert(owed, now=self.clock())
        else:
            self._file(owed, ending)

    def _file(self, owed: FilingJob, ending: Ending | None) -> None:
        code_context = None
        if owed.attempt is None and self.code_context is not None:
            code_context = self.code_context.gather(owed.alert, now=self.clock())
        draft = render(owed.alert, trigger_label=self.trigger_label, code_context=code_context, sentry=self.sentry)
        if self.rules is not None:
            draft = begin(draft, owed.problem, ending)
        if owed.attempt is not None:
            self._look(owed, draft, owed.attempt)
        elif self._adopt(owed, draft):
            pass
        elif self._is_ours(owed):
            self._post(owed, draft)
        else:
            self.queue.postpone(owed, due_at=self.clock(), attempt=None, now=self.clock())

    def _adopt(self, owed: FilingJob, draft: Draft) -> bool:
        """Take an issue of the metric's rule that the ledger does not know for its own; say whether that was all.

        Older releases made an issue of each firing of a rule. Told to it, the alert counts as one more of the same.
        """
        rules = rules_in((owed.fingerprint, *owed.alert.aliases))
        if not rules or owed.problem.issue is not None or self.rules is None:
            return False
        since = self.clock() - ADOPTION_SECONDS
        try:
            found = (self.tracker.find_rule(draft, rule, since=since) for rule in rules)
            filing = next(filter(None, found), None)
        except (Refused, Postponed, Unknown) as failure:
            self.setbacks.fail(owed, failure, due_at=self.clock(), attempt=None)
            return True
        if filing is not None:
            self.queue.adopt(owed, filing, now=self.clock())
            log.info("issue_adopted", extra={"fingerprint": owed.fingerprint, "issue": filing.number})
        return filing is not None

    def _is_ours(self, owed: Job, labels: tuple[str, ...] = ()) -> bool:
        """Renew the lease; say whether it was ours, and whether there is time left to write under it."""
        now = self.clock()
        return self.queue.renew(owed, now=now, labels=labels) and self.clock() - now <= PROMPT_SECONDS

    def _follow(self, owed: Job, issue: int, rules: Rules) -> tuple[bool, Ending | None]:
        """Do what the alert or the status change means for `issue`.

        Return whether the work is over for now; if not, why a new issue is to take the place of this one.
        """
        began_at = self.clock()
        errand = FollowUp(
            self.tracker,
            issue,
            event=owed.change.key if isinstance(owed, StatusJob) else owed.alert.event,
            doubtful_since=owed.attempt.began_at - CLOCK_SKEW_SECONDS if owed.attempt else None,
            labels=owed.notes.labels,
            is_ours=lambda labels: self._is_ours(owed, labels),
        )
        ending: Ending | None = None
        decision = Decision(owed, self._trusting(owed, rules), clock=self.clock)
        try:
            ending = errand.run(decision)
        except (NotSeen, NotOurs, Refused, Postponed, Unknown) as trouble:
            attempt = owed.attempt or (Attempt(began_at) if errand.is_doubtful else None)
            missing_at = owed.notes.missing_at if isinstance(trouble, Absent) else None
            notes = replace(owed.notes, missing_at=missing_at, labels=errand.labels)
            owed = replace(owed, notes=notes)
            if isinstance(trouble, NotSeen):
                self.setbacks.look_again(owed, attempt or Attempt(began_at))
            elif isinstance(trouble, NotOurs):
                self.queue.postpone(owed, due_at=began_at, attempt=attempt, notes=notes, now=self.clock())
            else:
                is_unknown = isinstance(trouble, Unknown) and attempt is not None
                due_at = attempt.began_at + FIRST_LOOK_SECONDS if attempt and is_unknown else began_at
                self.setbacks.fail(owed, trouble, due_at=due_at, attempt=attempt)
            return True, None
        if ending is None:
            outcome = decision.outcome
            self.queue.settle(owed, None, now=self.clock(), outcome=outcome, is_proof=errand.has_written)
            log.info("issue_followed", extra={"fingerprint": owed.key, "issue": issue})
            self.setbacks.tell_resumed(owed, is_proof=errand.has_written)
        elif ending == "missing" and not self.setbacks.is_believed(owed):
            self.setbacks.look_for_it_again(owed, attempt=owed.attempt, reason="the issue is not there")
            return True, None
        else:
            log.info("issue_ended", extra={"fingerprint": owed.key, "issue": issue, "ending": ending})
        return ending is None, ending

    def _trusting(self, owed: Job, rules: Rules) -> Rules:
        """Return the rules with the commits that may be linked."""
        if self.code_context is None or isinstance(owed, StatusJob):
            return rules
        return replace(rules, trusted=self.code_context.trusted(compared(owed.alert, owed.problem), now=self.clock()))

    def _post(self, owed: FilingJob, draft: Draft) -> None:
        began_at = self.clock()
        try:
            filing = self.tracker.create(replace(draft, labels=_labels(draft.labels, owed.notes.label_sets)))
        except LabelRefused as refusal:
            self._post_with_fewer_labels(owed, draft, refusal)
        except (Refused, Postponed) as failure:
            self.setbacks.fail(owed, failure, due_at=began_at, attempt=None)
        except Unknown as doubt:
            self.setbacks.fail(owed, doubt, due_at=began_at + FIRST_LOOK_SECONDS, attempt=Attempt(began_at))
        else:
            self._settle(owed, filing, draft)

    def _post_with_fewer_labels(self, owed: FilingJob, draft: Draft, refusal: LabelRefused) -> None:
        """Have it posted again with the next set of labels; a refused label must not cost the alert."""
        tried = _labels(draft.labels, owed.notes.label_sets)
        if not tried:
            self.setbacks.refuse(owed, refusal, attempt=None)
            return
        notes, now = replace(owed.notes, label_sets=owed.notes.label_sets + 1), self.clock()
        self.queue.postpone(owed, due_at=now, attempt=None, notes=notes, now=now)
        log.error("labels_refused", extra={"fingerprint": owed.key, "labels": tried, "reason": str(refusal)})

    def _look(self, owed: FilingJob, draft: Draft, attempt: Attempt) -> None:
        """Look for the issue of a post of unknown outcome."""
        now = self.clock()
        try:
            filing = self.tracker.find(draft, since=attempt.began_at - CLOCK_SKEW_SECONDS)
        except (Refused, Postponed, Unknown) as failure:
            self.setbacks.fail(owed, failure, due_at=now, attempt=attempt)
        else:
            if filing is not None:
                self._settle(owed, filing, draft)
            else:
                self.setbacks.look_again(owed, attempt)

    def _settle(self, owed: FilingJob, filing: IssueRef, draft: Draft) -> None:
        now = self.clock()
        outcome = Outcome(Standing(as_of=now), title=fingerprint_of(draft.title))
        self.queue.settle(owed, filing, now=now, outcome=outcome)
        log.info(
            "issue_filed",
            extra={"fingerprint": owed.alert.fingerprint, "issue": filing.number, "url": filing.url},
        )
        self.setbacks.tell_resumed(owed)


def _labels(labels: tuple[str, ...], refused: int) -> tuple[str, ...]:
    """Return the labels to post with after so many sets were `refused`: all, each alone, none."""
    return (labels, *((label,) for label in labels), ())[min(refused, len(labels) + 1)]
