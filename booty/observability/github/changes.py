"""Issues that were changed at GitHub, as they stand."""

from __future__ import annotations

from datetime import datetime, timedelta

from booty.observability.alerts.issue import ChangedIssues
from booty.observability.alerts.issue import Issue as StandingIssue
from booty.observability.alerts.limits import moment
from booty.observability.github.client import GitHub
from booty.observability.github.reading import PER_PAGE, read
from booty.observability.github.schema.issues import Issue

COMPLETED = frozenset({None, "completed"})


def changed_issues(github: GitHub, path: str, *, since: str, etag: str | None) -> ChangedIssues | None:
    """See `Tracker.changed`; one page, the oldest change first, so that the rest comes with the next cycle.

    Of one second, what does not fit on a page is passed over: otherwise nothing after it would ever be read.
    """
    wanted: dict[str, str | int] = {"state": "all", "sort": "updated", "direction": "asc", "since": since}
    answer = github.get_if_changed(path, wanted | {"per_page": PER_PAGE}, etag)
    if answer is None:
        return None
    issues = read(list[Issue], answer)
    changed_at = (moment(issue.updated_at) for issue in issues)
    last = max((_iso(each) for each in changed_at if each), default=since)
    if last == since and len(issues) >= PER_PAGE:
        last = _iso(datetime.fromisoformat(since) + timedelta(seconds=1))
    return ChangedIssues(tuple(map(as_it_stands, issues)), last, answer.headers.get("ETag"))


def as_it_stands(issue: Issue) -> StandingIssue:
    """Return GitHub's issue in our own words."""
    return StandingIssue(
        number=issue.number,
        is_open=issue.state == "open",
        is_completed=issue.state != "open" and issue.state_reason in COMPLETED,
        closed_at=issue.closed_at.timestamp() if issue.closed_at else None,
        labels=issue.label_names,
        body=issue.body or "",
        title=issue.title,
        state_reason=issue.state_reason,
        assignees=tuple(account.login for account in issue.assignees),
        is_closed_by_bot=issue.closed_by is not None and issue.closed_by.is_bot,
    )


def _iso(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
