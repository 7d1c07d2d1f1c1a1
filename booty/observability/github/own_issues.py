"""The tracker at GitHub: issues over its REST API.

Creating is one POST, labels included, and counts as done with status 201 and a number only. Finding lists the issues
by label and by creator, since a label can be dropped; it never searches, because the search index lags.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from time import monotonic
from typing import TypeVar

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from booty.observability.alerts.issue import IssueRef
from booty.observability.exchange import Answer
from booty.observability.github.answers import BadToken
from booty.observability.github.client import GitHub
from booty.observability.github.repository_check import check_repository, needed_by_all
from booty.observability.issues.draft import Draft, is_of_rule, marker_of
from booty.observability.issues.outcomes import Refused, Unknown

log = logging.getLogger(__name__)

CREATED = 201
PER_PAGE = 30
FIND_SECONDS = 8.0
"""How long looking may go on before another call is begun: with that call it is less than a lease."""


MOST_LOOKED_THROUGH = 300


class Label(BaseModel):
    """A label as GitHub returns it."""

    name: str = ""


class User(BaseModel):
    """An account as GitHub returns it."""

    login: str = ""


class Issue(BaseModel):
    """What we read of an issue (https://docs.github.com/rest/issues/issues)."""

    number: int = Field(gt=0)
    html_url: str = Field("", max_length=1000)
    body: str | None = None
    user: User | None = None
    labels: list[Label | str] = []
    created_at: datetime | None = None

    @property
    def filing(self) -> IssueRef:
        """The issue as a filing."""
        return IssueRef(self.number, self.html_url if self.html_url.isprintable() else "")


Content = TypeVar("Content")
ISSUE = TypeAdapter(Issue)
ISSUES = TypeAdapter(list[Issue])
USER = TypeAdapter(User)


class GitHubIssues:
    """Implements `tracker.Tracker` for one repository, `owner/name`."""

    def __init__(self, github: GitHub, *, repository: str) -> None:
        """Take the API; nothing is sent yet."""
        self._github = github
        self._repository = repository
        self._path = f"/repos/{repository}/issues"
        self._login: str | None = None

    def create(self, draft: Draft) -> IssueRef:
        """See `Tracker.create`."""
        content = {"title": draft.title, "body": draft.body, "labels": list(draft.labels)}
        with needed_by_all():
            answer = self._github.post(self._path, content)
        if answer.status != CREATED:
            raise Unknown(f"GitHub answered {answer.status} where 201 was expected")
        issue = read(ISSUE, answer)
        _compare_labels(draft, issue, answer)
        return issue.filing

    def check(self) -> None:
        """See `Tracker.check`."""
        check_repository(self._github, self._repository)

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """See `Tracker.find`; an issue of another author is not ours, whatever marker it carries."""
        marker = marker_of(draft.body)
        candidates = self._own(draft, since=since)
        return next((each.filing for each in candidates if marker and marker_of(each.body or "") == marker), None)

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> IssueRef | None:
        """See `Tracker.find_rule`; among the newest ones only: it is a ledger that was lost long ago, or nothing."""
        candidates = islice(self._own(draft, since=since), MOST_LOOKED_THROUGH)
        return next((each.filing for each in candidates if is_of_rule(each.body or "", fingerprint)), None)

    def _own(self, draft: Draft, *, since: float) -> Iterator[Issue]:
        """Yield our issues by the label of `draft`, then by their creator, since a label can be dropped."""
        ends_at, login = monotonic() + FIND_SECONDS, self._own_login()
        by_creator = {"creator": login} if login else {}
        for narrowed in ({"labels": draft.labels[0]}, by_creator):
            for issue in self._list(narrowed, since=since, ends_at=ends_at):
                if not login or issue.user is None or issue.user.login.lower() == login.lower():
                    yield issue

    def _list(self, narrowed: dict[str, str], *, since: float, ends_at: float) -> Iterator[Issue]:
        """Yield issues created after `since` (unix seconds), newest first, open or closed."""
        oldest = datetime.fromtimestamp(since, UTC)
        wanted = {"state": "all", "sort": "created", "direction": "desc", "since": f"{oldest:%Y-%m-%dT%H:%M:%SZ}"}
        page = 1
        while True:
            if monotonic() > ends_at:
                raise Unknown("there are too many new issues to look through in time")
            with needed_by_all():
                answer = self._github.get(self._path, narrowed | wanted | {"per_page": PER_PAGE, "page": page})
            issues = read(ISSUES, answer)
            yield from issues
            if len(issues) < PER_PAGE or _is_older(issues[-1], oldest):
                return
            page += 1

    def _own_login(self) -> str:
        """Return the login that the token stands for; "" for an app's token, which has none."""
        if self._login is None:
            try:
                self._login = read(USER, self._github.get("/user")).login
            except BadToken:
                raise
            except Refused:
                self._login = ""
        return self._login


def _is_older(issue: Issue, oldest: datetime) -> bool:
    return issue.created_at is not None and issue.created_at.timestamp() < oldest.timestamp()


def read(content: TypeAdapter[Content], answer: Answer) -> Content:
    """Read the body as `content`. Raises `Unknown` when it is something else."""
    try:
        return content.validate_json(answer.body)
    except ValidationError:
        raise Unknown(f"GitHub answered {answer.status} with a body that makes no sense") from None


def _compare_labels(draft: Draft, issue: Issue, answer: Answer) -> None:
    """Log labels that GitHub dropped, which it does silently for want of a permission."""
    present = {(label if isinstance(label, str) else label.name).lower() for label in issue.labels}
    dropped = [label for label in draft.labels if label.lower() not in present]
    if dropped:
        log.error(
            "labels_dropped",
            extra={
                "issue": issue.number,
                "labels": dropped,
                "permission": answer.headers.get("X-Accepted-GitHub-Permissions") or "issues: write",
                "remedy": "give GITHUB_TOKEN that permission; its account needs triage or push access",
            },
        )
