"""The tracker at GitHub: one repository's issues over its REST API.

Creating is one POST, labels included, and counts as done only with status 201 and a number.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import sleep
from urllib.parse import quote

from booty.observability.alerts.issue import SPACING_SECONDS, ChangedIssues, Closer, Issue, IssueRef
from booty.observability.github.changes import as_it_stands, changed_issues
from booty.observability.github.client import GitHub
from booty.observability.github.comments import Comments, require_created
from booty.observability.github.edits import change_of
from booty.observability.github.handover.assignees import Assignees
from booty.observability.github.handover.dropped import Dropped, label_names
from booty.observability.github.own_issues import OwnIssues, reference
from booty.observability.github.reading import read
from booty.observability.github.repository_check import check_repository, needed_by_all, there_a_moment_ago
from booty.observability.github.schema.issues import Issue as IssueSent
from booty.observability.github.schema.issues import Written
from booty.observability.github.schema.timeline import Event
from booty.observability.github.timeline import closer_in
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Absence, Edit
from booty.observability.issues.outcomes import Gone, Passing, Refused

log = logging.getLogger(__name__)


class GitHubIssues:
    """Implements `Tracker` for one repository, `owner/name`."""

    def __init__(
        self,
        github: GitHub,
        *,
        repository: str,
        is_news: Callable[[str], bool] = lambda _: True,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        """Take the API, and how to let some seconds pass; nothing is sent yet. `is_news`: see `Dropped`."""
        self._pause = pause
        self._github = github
        self._repository = repository
        self._path = f"/repos/{repository}/issues"
        self._own = OwnIssues(github, path=self._path)
        self._dropped = Dropped(is_news)
        self._comments = Comments(github, repository=repository)
        self._assignees = Assignees(github, repository=repository, dropped=self._dropped)

    def create(self, draft: Draft) -> IssueRef:
        """See `Tracker.create`."""
        content = {"title": draft.title, "body": draft.body, "labels": list(draft.labels)}
        with needed_by_all(self._github):
            answer = self._github.post(self._path, content)
        require_created(answer)
        issue = read(Written, answer)
        self._dropped.tell_labels(draft.labels, issue.label_names, issue=issue.number, answer=answer)
        return reference(issue)

    def check(self) -> None:
        """See `Tracker.check`."""
        check_repository(self._github, self._repository)

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """See `Tracker.find`."""
        return self._own.find(draft, since=since)

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> IssueRef | None:
        """See `Tracker.find_rule`."""
        return self._own.find_rule(draft, fingerprint, since=since)

    def read(self, number: int) -> Issue | Absence:
        """See `Tracker.read`; the client follows an issue that was transferred to where the token may read it."""
        try:
            return as_it_stands(read(IssueSent, self._github.get(f"{self._path}/{number}")))
        except Gone as gone:
            if gone.remedy is not None:
                raise
            if gone.is_deleted:
                return "deleted"
            check_repository(self._github, self._repository)
            return "missing"

    def closer(self, number: int) -> Closer | None:
        """See `Tracker.closer`; one page, on which the last closing of nearly every issue is."""
        answer = self._github.get(f"{self._path}/{number}/timeline", {"per_page": 100})
        return closer_in(read(list[Event], answer), repository=self._repository)

    def changed(self, *, since: str, etag: str | None) -> ChangedIssues | None:
        """See `Tracker.changed`."""
        return changed_issues(self._github, self._path, since=since, etag=etag)

    def edit(self, number: int, edit: Edit) -> None:
        """See `Tracker.edit`; one PATCH."""
        change = change_of(edit)
        try:
            self._patch(number, change)
        except Refused as refusal:
            if isinstance(refusal, Passing) or refusal.remedy is not None or "body" not in change:
                raise
            log.warning("body_refused", extra={"issue": number, "reason": str(refusal)})
            del change["body"]
            self._patch(number, change)

    def _patch(self, number: int, change: dict[str, object]) -> None:
        if change:
            with there_a_moment_ago(self._github, self._repository):
                self._github.patch(f"{self._path}/{number}", change)

    def unlabel(self, number: int, label: str) -> None:
        """See `Tracker.unlabel`."""
        with there_a_moment_ago(self._github, self._repository):
            try:
                self._github.delete(f"{self._path}/{number}/labels/{quote(label, safe='')}")
            except Gone as gone:
                if "label does not exist" not in str(gone).lower():
                    raise

    def label(self, number: int, labels: tuple[str, ...]) -> None:
        """See `Tracker.label`."""
        with there_a_moment_ago(self._github, self._repository):
            answer = self._github.post(f"{self._path}/{number}/labels", {"labels": list(labels)})
        if (present := label_names(answer)) is not None:
            self._dropped.tell_labels(labels, present, issue=number, answer=answer)

    def assign(self, number: int, logins: tuple[str, ...]) -> tuple[str, ...]:
        """See `Tracker.assign`."""
        return self._assignees.put_on(number, logins)

    def unassign(self, number: int, logins: tuple[str, ...]) -> None:
        """See `Tracker.unassign`."""
        self._assignees.take_off(number, logins)

    def comment(self, number: int, text: str) -> None:
        """See `Tracker.comment`."""
        self._comments.write(number, text)

    def has_comment(self, number: int, marker: str, *, since: float) -> bool:
        """See `Tracker.has_comment`."""
        return self._comments.has(number, marker, since=since)

    def rest(self) -> None:
        """See `Tracker.rest`."""
        self._pause(SPACING_SECONDS)
