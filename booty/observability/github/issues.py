"""Existing issues at GitHub: read, edited, commented on over its REST API."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from urllib.parse import quote

from pydantic import BaseModel, TypeAdapter

from booty.observability.alerts.issue import SPACING_SECONDS, ChangedIssues, Closer, Issue
from booty.observability.github.client import GitHub
from booty.observability.github.own_issues import CREATED, FIND_SECONDS, Label, read
from booty.observability.github.repository_check import check_repository, there_a_moment_ago
from booty.observability.github.timeline import EVENTS, closer_in
from booty.observability.issues.edit import Absence, Edit
from booty.observability.issues.outcomes import Gone, Refused, Unknown

log = logging.getLogger(__name__)

PER_PAGE = 50
LONGEST_BODY = 65_536
"""Characters; GitHub refuses a longer body, and with it all else that the call would change."""
COMPLETED = frozenset({None, "completed"})


class _Account(BaseModel):
    """What we read of an account (https://docs.github.com/rest/users/users)."""

    login: str = ""
    type: str = ""

    @property
    def is_bot(self) -> bool:
        """It is a program's: an app's, or marked so by its name."""
        return self.type == "Bot" or self.login.endswith("[bot]")


class _Issue(BaseModel):
    """What we read of an issue (https://docs.github.com/rest/issues/issues#get-an-issue)."""

    number: int
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    labels: list[Label | str] = []
    title: str = ""
    body: str | None = None
    locked: bool = False
    closed_by: _Account | None = None


class _Comment(BaseModel):
    """What we read of a comment (https://docs.github.com/rest/issues/comments)."""

    body: str | None = None


ISSUE = TypeAdapter(_Issue)
ISSUES = TypeAdapter(list[_Issue])
COMMENTS = TypeAdapter(list[_Comment])


class GitHubKeeper:
    """Implements `follow_up.Keeper` for one repository, `owner/name`."""

    def __init__(self, github: GitHub, *, repository: str, pause: Callable[[float], None] = sleep) -> None:
        """Take the API, and how to let some seconds pass; nothing is sent yet."""
        self._pause = pause
        self._github = github
        self._repository = repository
        self._path = f"/repos/{repository}/issues"

    def read(self, number: int) -> Issue | Absence:
        """See `Keeper.read`; the client follows an issue that was transferred to where the token may read it."""
        try:
            issue = read(ISSUE, self._github.get(f"{self._path}/{number}"))
        except Gone as gone:
            if gone.remedy is not None:
                raise
            if gone.is_deleted:
                return "deleted"
            check_repository(self._github, self._repository)
            return "missing"
        return _as_it_stands(issue)

    def closer(self, number: int) -> Closer | None:
        """See `Keeper.closer`; one page, on which the last closing of nearly every issue is."""
        answer = self._github.get(f"{self._path}/{number}/timeline", {"per_page": 100})
        return closer_in(read(EVENTS, answer), repository=self._repository)

    def changed(self, *, since: str, etag: str | None) -> ChangedIssues | None:
        """See `closings.Changed`; one page, the oldest change first, so that the rest comes with the next cycle.

        What a page does not hold of one second is passed over: nothing after it would ever be read.
        """
        wanted: dict[str, str | int] = {"state": "all", "sort": "updated", "direction": "asc", "since": since}
        answer = self._github.get_if_changed(self._path, wanted | {"per_page": PER_PAGE}, etag)
        if answer is None:
            return None
        issues = read(ISSUES, answer)
        last = max((_iso(issue.updated_at) for issue in issues if issue.updated_at), default=since)
        if last == since and len(issues) >= PER_PAGE:
            last = _iso(datetime.fromisoformat(since) + timedelta(seconds=1))
        return ChangedIssues(tuple(map(_as_it_stands, issues)), last, answer.headers.get("ETag"))

    def edit(self, number: int, edit: Edit) -> None:
        """See `Keeper.edit`; one PATCH. It never gives `labels`: that would replace what people put on."""
        change: dict[str, object] = {}
        if edit.body is not None and len(edit.body) <= LONGEST_BODY:
            change["body"] = edit.body
        if edit.title is not None:
            change["title"] = edit.title
        if edit.state is not None:
            is_open = edit.state == "open"
            change |= {"state": "open" if is_open else "closed", "state_reason": "reopened" if is_open else "completed"}
        try:
            self._patch(number, change)
        except Refused as refusal:
            if refusal.remedy is not None or "body" not in change:
                raise
            log.warning("body_refused", extra={"issue": number, "reason": str(refusal)})
            del change["body"]
            self._patch(number, change)

    def _patch(self, number: int, change: dict[str, object]) -> None:
        if change:
            with there_a_moment_ago(self._github, self._repository):
                self._github.patch(f"{self._path}/{number}", change)

    def unlabel(self, number: int, label: str) -> None:
        """See `Keeper.unlabel`."""
        with there_a_moment_ago(self._github, self._repository):
            try:
                self._github.delete(f"{self._path}/{number}/labels/{quote(label, safe='')}")
            except Gone as gone:
                if "label does not exist" not in str(gone).lower():
                    raise

    def label(self, number: int, labels: tuple[str, ...]) -> None:
        """See `Keeper.label`."""
        with there_a_moment_ago(self._github, self._repository):
            self._github.post(f"{self._path}/{number}/labels", {"labels": list(labels)})

    def comment(self, number: int, text: str) -> None:
        """See `Keeper.comment`."""
        with there_a_moment_ago(self._github, self._repository):
            answer = self._github.post(f"{self._path}/{number}/comments", {"body": text})
        if answer.status != CREATED:
            raise Unknown(f"GitHub answered {answer.status} where 201 was expected")

    def rest(self) -> None:
        """See `Keeper.rest`."""
        self._pause(SPACING_SECONDS)

    def has_comment(self, number: int, marker: str, *, since: float) -> bool:
        """See `Keeper.has_comment`."""
        ends_at, page = monotonic() + FIND_SECONDS, 1
        wanted: dict[str, str | int] = {
            "since": f"{datetime.fromtimestamp(since, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "per_page": PER_PAGE,
        }
        while monotonic() < ends_at:
            with there_a_moment_ago(self._github, self._repository):
                answer = self._github.get(f"{self._path}/{number}/comments", wanted | {"page": page})
            comments = read(COMMENTS, answer)
            if any((comment.body or "").rstrip().endswith(f"\n{marker}") for comment in comments):
                return True
            if len(comments) < PER_PAGE:
                return False
            page += 1
        raise Unknown("there are too many new comments to look through in time")


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _as_it_stands(issue: _Issue) -> Issue:
    return Issue(
        number=issue.number,
        is_open=issue.state == "open",
        is_completed=issue.state != "open" and issue.state_reason in COMPLETED,
        closed_at=issue.closed_at.timestamp() if issue.closed_at else None,
        labels=tuple(label if isinstance(label, str) else label.name for label in issue.labels),
        body=issue.body or "",
        title=issue.title,
        is_locked=issue.locked,
        state_reason=issue.state_reason,
        is_closed_by_bot=issue.closed_by is not None and issue.closed_by.is_bot,
    )
