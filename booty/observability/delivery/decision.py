"""What is decided about one issue for one job."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from booty.observability.alerts.handover.terms import Handing
from booty.observability.alerts.issue import MUTE, Issue
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.recurrence import on_recurrence
from booty.observability.issues.life.status_change import on_status_change
from booty.observability.issues.life.step import Rules, Step, standing_after
from booty.observability.issues.life.worse_level import fingerprint_of
from booty.observability.ledger.schedule.jobs import Done, Job, Outcome, StatusJob

log = logging.getLogger(__name__)


class Decision:
    """Decides about the issue as it is read, and again when it is read again before it is changed."""

    def __init__(
        self, job: Job, rules: Rules, *, grant: Callable[[Issue, Handing], Handing], clock: Callable[[], float]
    ) -> None:
        """Take the job, whom to ask who gets an issue that is reopened, where to learn the time (unix seconds)."""
        self._grant = grant
        self._owed = job
        self._rules = rules
        self._clock = clock
        self._decided: list[tuple[Issue, Step, float]] = []

    def __call__(self, issue: Issue) -> Step:
        """Decide what to do to the issue."""
        job, now = self._owed, self._clock()
        step = _step(job, issue, self._rules, now=now)
        if step.edit.state == "open":
            granted = self._grant(issue, self._rules.handing)
            step = _step(job, issue, replace(self._rules, handing=granted), now=now)
        if issue.is_duplicate and not step.is_told:
            remedy = "reopen it to hear of the problem again"
            about = {"fingerprint": job.fingerprint, "issue": issue.number, "remedy": remedy}
            log.info("issue_is_duplicate", extra=about)
        self._decided.append((issue, step, now))
        return step

    @property
    def outcome(self) -> Outcome | None:
        """How the issue was left, once what was decided is done; None when nothing was decided."""
        if not self._decided:
            return None
        issue, step, read_at = self._decided[-1]
        titles = [each.edit.title for _, each, _ in self._decided if each.edit.title is not None]
        return Outcome(
            standing_after(step, issue, read_at=read_at, now=self._clock()),
            is_shown=any(each.is_told for _, each, _ in self._decided),
            is_muted_by_sentry=self._is_muted_by_sentry(),
            title=fingerprint_of(titles[-1]) if titles else None,
            became=became(each for _, each, _ in self._decided),
        )

    def _is_muted_by_sentry(self) -> bool | None:
        """Return whether the mute is Sentry's, None when that did not change; in doubt, True."""
        edits = [step.edit for _, step, _ in self._decided]
        if any(label.lower() == MUTE for edit in edits for label in edit.remove_labels):
            return False
        is_archived = isinstance(self._owed, StatusJob) and self._owed.change.change == "muted"
        is_doubtful = is_archived and self._owed.attempt is not None and self._decided[0][0].has(MUTE)
        return True if is_doubtful or any(MUTE in edit.add_labels for edit in edits) else None


def _step(job: Job, issue: Issue, rules: Rules, *, now: float) -> Step:
    if isinstance(job, StatusJob):
        return on_status_change(job.change, job.problem, issue, rules, now=now)
    return on_recurrence(job.alert, job.problem, issue, rules, now=now)


def became(steps: Iterable[Step]) -> Done:
    """Return what the steps, all of which may have been done, made of an issue: the most that they did."""
    done: Done = "unchanged"
    for step in steps:
        edit = step.edit
        if edit.state is not None:
            return "reopened" if edit.state == "open" else "closed"
        if MUTE in edit.add_labels:
            done = "muted"
        elif done == "unchanged" and (step.comment is not None or edit != Edit()):
            done = "updated"
    return done
