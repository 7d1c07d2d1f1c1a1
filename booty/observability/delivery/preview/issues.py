"""The tracker that writes issues as Markdown files, for a look at them without GitHub.

An issue is `<number>.md`: the title, a line with its state and labels, the body. Its comments are in
`<number>.comments.md`. A person who edits the state to `Closed` or `Closed as not planned` closes it.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from booty.observability.alerts.issue import ChangedIssues, Issue, IssueRef
from booty.observability.delivery.preview.change import write
from booty.observability.delivery.preview.files import Files, text_of
from booty.observability.delivery.preview.form import assignees_in, form_in, form_of, labels_in, required_form
from booty.observability.issues.draft import Draft, is_of_rule, marker_of
from booty.observability.issues.edit import Absence, Edit
from booty.observability.text.moments import iso

OPEN = "Open"
CLOSED = "Closed"


class PreviewIssues:
    """Implements `Tracker` over the files of one directory."""

    def __init__(self, directory: Path) -> None:
        """Name the directory; it is made with the first issue."""
        self._files = Files(directory)

    def create(self, draft: Draft) -> IssueRef:
        """See `Tracker.create`; the file appears whole or not at all, under the next free number."""
        with self._files.writing():
            self._files.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            number = max(self._files.numbers(), default=0)
            with self._files.unfinished(form_of(draft.title, OPEN, draft.labels, draft.body)) as unfinished:
                while True:
                    number += 1
                    try:
                        self._files.path(number).hardlink_to(unfinished)
                    except FileExistsError:
                        continue
                    return IssueRef(number, str(self._files.path(number)))

    def check(self) -> None:
        """See `Tracker.check`; files are never refused."""

    def rest(self) -> None:
        """See `Tracker.rest`; files need none."""

    def closer(self, number: int) -> None:
        """See `Tracker.closer`; files do not tell."""
        self._form(number)

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """See `Tracker.find`; every file is read, so `since` is not needed."""
        del since
        marker = marker_of(draft.body)
        for number in self._files.numbers():
            if marker_of(text_of(self._files.path(number)) or "") == marker:
                return IssueRef(number, str(self._files.path(number)))
        return None

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> IssueRef | None:
        """See `Tracker.find_rule`."""
        del draft, since
        for number in sorted(self._files.numbers(), reverse=True):
            issue = self.read(number)
            if isinstance(issue, Issue) and is_of_rule(issue.body, fingerprint):
                return IssueRef(number, str(self._files.path(number)))
        return None

    def read(self, number: int) -> Issue | Absence:
        """See `Tracker.read`; a file that is gone was deleted, one that makes no sense may be repaired."""
        form = form_in(self._files.path(number))
        if form is None:
            return "missing" if self._files.path(number).exists() else "deleted"
        is_open = form["state"].strip() == OPEN
        return Issue(
            number=number,
            is_open=is_open,
            is_completed=form["state"].strip() == CLOSED,
            closed_at=None if is_open else self._files.changed_at(number),
            labels=labels_in(form),
            body=form["body"],
            title=form["title"],
            assignees=assignees_in(form),
        )

    def changed(self, *, since: str, etag: str | None) -> ChangedIssues:
        """See `Tracker.changed`; every file is looked at, and nothing is remembered between two looks."""
        del etag
        oldest = datetime.fromisoformat(since).timestamp()
        times = {number: self._files.changed_at(number) for number in self._files.numbers()}
        recent = sorted((at, number) for number, at in times.items() if at >= oldest)
        found = (self.read(number) for _, number in recent)
        until = iso(recent[-1][0]) if recent else since
        return ChangedIssues(tuple(issue for issue in found if isinstance(issue, Issue)), until, None)

    def edit(self, number: int, edit: Edit) -> None:
        """See `Tracker.edit`."""
        state = {None: None, "open": OPEN, "completed": CLOSED, "not_planned": CLOSED}[edit.state]
        write(self._files, number, title=edit.title, state=state, body=edit.body)

    def unlabel(self, number: int, label: str) -> None:
        """See `Tracker.unlabel`."""
        before = labels_in(self._form(number))
        write(self._files, number, labels=tuple(one for one in before if one.lower() != label.lower()))

    def label(self, number: int, labels: tuple[str, ...]) -> None:
        """See `Tracker.label`."""
        before = labels_in(self._form(number))
        present = {one.lower() for one in before}
        write(self._files, number, labels=before + tuple(one for one in labels if one.lower() not in present))

    def assign(self, number: int, logins: tuple[str, ...]) -> tuple[str, ...]:
        """See `Tracker.assign`; a file takes everybody."""
        write(self._files, number, assignees=tuple(dict.fromkeys((*assignees_in(self._form(number)), *logins))))
        return ()

    def unassign(self, number: int, logins: tuple[str, ...]) -> None:
        """See `Tracker.unassign`."""
        write(
            self._files, number, assignees=tuple(one for one in assignees_in(self._form(number)) if one not in logins)
        )

    def comment(self, number: int, text: str) -> None:
        """See `Tracker.comment`."""
        self._form(number)
        with self._files.writing(), self._files.comments(number).open("a", encoding="utf-8") as comments:
            comments.write(f"{text}\n\n---\n\n")

    def has_comment(self, number: int, marker: str, *, since: float) -> bool:
        """See `Tracker.has_comment`; all comments are read, so `since` is not needed."""
        del since
        self._form(number)
        return f"\n{marker}\n" in (text_of(self._files.comments(number)) or "")

    def _form(self, number: int) -> re.Match[str]:
        return required_form(self._files.path(number))
