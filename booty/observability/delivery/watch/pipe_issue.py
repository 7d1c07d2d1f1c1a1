"""The one issue that says what is wrong with the pipe itself.

Guarantee: there is one at most, over any number of workers, restarts, kills; it is looked for by its marker before it
is made, and after a post of unknown outcome twice, a minute apart. It is closed when all is well, and opened
again the next time. What a person closed stays closed until something else is wrong.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from booty.observability.alerts.issue import IssueRef
from booty.observability.delivery.filing import ADOPTION_SECONDS
from booty.observability.delivery.retry import SECOND_LOOK_SECONDS
from booty.observability.delivery.watch.turns import Turns
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Edit, State
from booty.observability.issues.outcomes import LabelRefused, Postponed, Refused, Unknown
from booty.observability.issues.page.pipe import FINGERPRINT, render
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.watch.pipe import Pipe, PipeBook
from booty.observability.ledger.watch.troubles import Trouble

log = logging.getLogger(__name__)

LOOKS = 2


class PipeIssue:
    """Keeps that issue true; `clock` gives unix seconds."""

    def __init__(self, book: PipeBook, tracker: Tracker, *, clock: Callable[[], float] = time.time) -> None:
        """Prepare; nothing is sent yet."""
        self._book = book
        self._tracker = tracker
        self._clock = clock
        self._turns = Turns(book, tracker, clock)

    def keep(self, holder: str, troubles: Sequence[Trouble]) -> bool:
        """Let the issue say what is wrong; return whether it does, and nothing is left to do. Raises `NotStored`.

        `holder` names the round that was begun.
        """
        told = {str(each.kind): each.words for each in troubles if each.is_for_an_issue}
        pipe = self._book.read()
        if not told and not (pipe.is_open or pipe.is_dismissed or pipe.attempted_at):
            return True
        draft = render(told)
        try:
            self._keep(holder, pipe, tuple(told), draft)
        except (Refused, Postponed, Unknown) as failure:
            log.warning("pipe_issue_not_kept", extra={"reason": str(failure)})
        pipe = self._book.read()
        if not told:
            return not (pipe.is_open or pipe.attempted_at)
        return pipe.is_dismissed or (pipe.is_open and pipe.shown == _mark(draft))

    def _keep(self, holder: str, pipe: Pipe, told: tuple[str, ...], draft: Draft) -> None:
        if pipe.issue is None:
            pipe = self._find(pipe, draft)
        if pipe.issue is not None:
            self._show(holder, replace(pipe, told=told), draft, before=pipe)
        elif told and pipe.attempted_at is None:
            self._post(holder, replace(pipe, told=told), draft)

    def _find(self, pipe: Pipe, draft: Draft) -> Pipe:
        """Look for the issue that an earlier post made, or an earlier ledger knew."""
        now = self._clock()
        found = self._tracker.find_rule(draft, FINGERPRINT, since=now - ADOPTION_SECONDS)
        if found is not None:
            pipe = replace(pipe, issue=found.number, attempted_at=None, is_open=False)
        elif pipe.attempted_at is not None:
            looks = pipe.looks + 1
            is_over = looks >= LOOKS and not 0 <= now - pipe.attempted_at < SECOND_LOOK_SECONDS
            pipe = replace(pipe, looks=looks, attempted_at=None if is_over else pipe.attempted_at)
        self._book.note(pipe)
        return pipe

    def _post(self, holder: str, pipe: Pipe, draft: Draft) -> None:
        attempted = replace(pipe, attempted_at=self._clock(), looks=0)

        def post() -> Pipe:
            filing = self._create(draft)
            log.warning("pipe_issue_filed", extra={"issue": filing.number, "url": filing.url, "troubles": pipe.told})
            return replace(pipe, issue=filing.number, shown=_mark(draft), is_open=True)

        self._turns.write(holder, attempted, post, undone=pipe)

    def _create(self, draft: Draft) -> IssueRef:
        """Create the issue; a label that GitHub does not take must not cost it."""
        try:
            return self._tracker.create(draft)
        except LabelRefused:
            self._tracker.rest()
            return self._tracker.create(replace(draft, labels=()))

    def _show(self, holder: str, pipe: Pipe, draft: Draft, *, before: Pipe) -> None:
        """Let the issue say `draft`, open as long as something is wrong."""
        number = pipe.issue or 0
        issue = self._tracker.read(number)
        if isinstance(issue, str):
            is_gone = issue == "deleted" or before.is_missing
            self._book.note(Pipe() if is_gone else replace(before, is_missing=True))
            return
        is_dismissed = before.is_dismissed or (before.is_open and bool(before.told) and not issue.is_open)
        if pipe.told and is_dismissed and set(pipe.told) <= set(before.told):
            self._book.note(replace(before, is_dismissed=True, is_open=False))
            return
        shown = replace(pipe, shown=_mark(draft), is_open=bool(pipe.told), is_dismissed=False, is_missing=False)
        if issue.is_open is bool(pipe.told) and (not pipe.told or before.shown == shown.shown):
            self._book.note(shown)
            return
        is_wanted: State = "open" if pipe.told else "completed"
        edit = Edit(
            body=draft.body,
            title=draft.title if pipe.told else None,
            state=None if issue.is_open is bool(pipe.told) else is_wanted,
        )

        def change() -> Pipe:
            self._tracker.edit(number, edit)
            log.info("pipe_issue_changed", extra={"issue": number, "troubles": pipe.told, "is_open": shown.is_open})
            return shown

        self._turns.write(holder, pipe, change, undone=pipe)


def _mark(draft: Draft) -> str:
    return sha256(f"{draft.title}\0{draft.body}".encode()).hexdigest()[:16]
