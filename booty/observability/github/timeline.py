"""What closed an issue, according to GitHub's timeline of it: a commit, or a pull request."""

from __future__ import annotations

import re

from booty.observability.alerts.issue import Closer
from booty.observability.github.schema.timeline import Event, Subject

COMMIT = re.compile(r"[0-9a-f]{40}")
AT_ONCE_SECONDS = 10.0
"""An issue that a merge closes is closed within this time of the merge."""


def closer_in(events: list[Event], *, repository: str) -> Closer | None:
    """Return what closed the issue last, None when GitHub does not say, or it is not in `repository` (owner/name).

    A merge closes without naming itself: it is the pull request of this repository that mentions the issue and was
    merged in the same moment.
    """
    closing = next((event for event in reversed(events) if event.event == "closed"), None)
    if closing is None:
        return None
    commit, place = closing.commit_id or "", f"/repos/{repository}/commits/{closing.commit_id}".lower()
    if COMMIT.fullmatch(commit) and (closing.commit_url or "").lower().endswith(place):
        return Closer(commit=commit)
    mentions = (event.source.issue for event in events if event.source is not None and event.source.issue is not None)
    merged = (each.number for each in mentions if _has_closed(each, closing, repository))
    number = next(merged, None)
    return Closer(pull=number) if number is not None else None


def _has_closed(subject: Subject, closing: Event, repository: str) -> bool:
    merged_at = subject.pull_request.merged_at if subject.pull_request else None
    if merged_at is None or closing.created_at is None:
        return False
    is_ours = subject.repository_url.lower().endswith(f"/repos/{repository}".lower())
    return is_ours and abs((closing.created_at - merged_at).total_seconds()) <= AT_ONCE_SECONDS
