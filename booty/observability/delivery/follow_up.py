"""Doing to an existing issue what was decided: read it, comment at most once, change it.

A comment carries a marker: when it is not known whether one was written, it is looked for before another is. A change
done twice is the same as done once. People edit the issue meanwhile: labels are changed one by one; title, body and
state are written some milliseconds after they were read, a gap that no call of the tracker closes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from booty.observability.alerts.issue import Closer, Issue
from booty.observability.delivery.labelling import put_on
from booty.observability.issues.life.counter_notes import noted
from booty.observability.issues.life.step import Ending, Step
from booty.observability.issues.outcomes import Locked, Postponed, Refused, Unknown
from booty.observability.issues.page.notice import noticed
from booty.observability.issues.tracker import Tracker

log = logging.getLogger(__name__)


class NotSeen(Exception):
    """The comment that may have been written is not there, as far as one look can tell."""


class NotOurs(Exception):
    """Somebody else may have the job, or the assignment, by now: nothing more may be written."""


class FollowUp:
    """What is done to one issue for one event."""

    def __init__(  # noqa: PLR0913 - what is to be done, and what an earlier attempt left, by their names
        self,
        tracker: Tracker,
        number: int,
        *,
        event: str,
        doubtful_since: float | None,
        labels: tuple[str, ...] = (),
        is_ours: Callable[[tuple[str, ...]], bool] = lambda _: True,
    ) -> None:
        """Name the issue, and the event that it is done for.

        `doubtful_since` (unix seconds) says from when on a comment may have been written whose answer was lost.
        `is_ours` is asked before each call but the first, and told which labels are still to be put on after it.
        """
        self._tracker = tracker
        self._number, self._event = number, event
        self._doubtful_since = doubtful_since
        self._is_ours = is_ours
        self.labels = labels  # still to be put on
        self.has_written = False  # the tracker took something
        self.is_doubtful = False  # a comment may have been written
        self._has_called = False

    def run(self, decide: Callable[[Issue], Step]) -> Ending | None:
        """Do what `decide` says of the issue; return why a new one is to take its place, None when it is not.

        Raises `NotSeen` when a comment should be waited for, `NotOurs`, and the port's outcomes.
        """
        issue = self._tracker.read(self._number)
        if not isinstance(issue, Issue):
            return issue
        step = decide(issue)
        if step.is_replaced:
            return "closed"
        unsaid = self._comment(issue, step, decide)
        for label in step.edit.remove_labels:
            self._write(lambda label=label: self._tracker.unlabel(self._number, label))  # type: ignore[misc]  # bound now
        left = tuple(label for label in self.labels if issue.is_open and not issue.has(label))
        self.labels = (*step.edit.add_labels, *left)
        self._edit(issue, step, decide, unsaid)
        self._label()
        return None

    def _comment(self, issue: Issue, step: Step, decide: Callable[[Issue], Step]) -> str | None:
        """Write the comment, unless an earlier attempt did; return it where the issue takes none."""
        if step.comment is None:
            return None
        marker = step.marker(self._event)
        self._renew()
        self._has_called = True
        if self._doubtful_since is not None:
            if not self._tracker.has_comment(self._number, marker, since=self._doubtful_since):
                raise NotSeen
            return None
        if step.names_closer and (closer := self._closer()) is not None:
            step = decide(replace(issue, closer=closer))
        text = step.comment or ""
        try:
            self._write(lambda: self._tracker.comment(self._number, f"{noticed(text)}\n\n{marker}"))
        except Locked as refusal:
            log.warning("comment_refused", extra={"issue": self._number, "reason": str(refusal)})
            return text
        except Unknown:
            self.is_doubtful = True
            raise
        self.is_doubtful = True
        return None

    def _closer(self) -> Closer | None:
        """Ask what closed the issue; best effort, for the comment says enough without it."""
        try:
            return self._tracker.closer(self._number)
        except (Refused, Postponed, Unknown) as failure:
            log.info("closer_unknown", extra={"issue": self._number, "reason": str(failure)})
            return None

    def _edit(self, issue: Issue, step: Step, decide: Callable[[Issue], Step], unsaid: str | None) -> None:
        """Write title, body and state by the issue as it is now; after what a person did, it may be nothing."""
        edit = step.edit
        if (edit.title, edit.body, edit.state, unsaid) == (None, None, None, None):
            return
        if self._has_called:
            if self.has_written:
                self._tracker.rest()
            self._renew()
            fresh = self._tracker.read(self._number)
            if not isinstance(fresh, Issue):
                raise Unknown("the issue was there a moment ago")
            issue, edit = fresh, decide(fresh).edit
        body = noted(edit.body or issue.body, before=issue.body, text=unsaid)
        edit = replace(edit, body=body if body != issue.body else None)
        if (edit.title, edit.body, edit.state) != (None, None, None):
            self._write(lambda: self._tracker.edit(self._number, edit), is_rested=True)

    def _label(self) -> None:
        """Put the labels on, at last, so that whoever waits for them finds all else done."""
        put_on(
            self.labels, lambda some: self._write(lambda: self._tracker.label(self._number, some)), issue=self._number
        )
        self.labels = ()

    def _write(self, call: Callable[[], None], *, is_rested: bool = False) -> None:
        """Make one call that writes, a second after the one before, and only while the job is ours."""
        if self.has_written and not is_rested:
            self._tracker.rest()
        self._renew()
        self._has_called = True
        call()
        self.has_written = True

    def _renew(self) -> None:
        """Hold the job for another lease, which is longer than one call."""
        if not self._is_ours(self.labels):
            raise NotOurs
