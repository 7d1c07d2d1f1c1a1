"""The comments on issues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic

from booty.observability.exchange import Answer
from booty.observability.github.client import GitHub
from booty.observability.github.reading import FIND_SECONDS, pages
from booty.observability.github.repository_check import there_a_moment_ago
from booty.observability.github.schema.issues import Comment
from booty.observability.issues.outcomes import Unknown

CREATED = 201


class Comments:
    """Those of one repository, `owner/name`."""

    def __init__(self, github: GitHub, *, repository: str) -> None:
        """Take the API; nothing is sent yet."""
        self._github = github
        self._repository = repository

    def write(self, number: int, text: str) -> None:
        """See `Tracker.comment`."""
        with there_a_moment_ago(self._github, self._repository):
            require_created(self._github.post(self._path(number), {"body": text}))

    def has(self, number: int, marker: str, *, since: float) -> bool:
        """See `Tracker.has_comment`."""
        wanted = {"since": f"{datetime.fromtimestamp(since, UTC):%Y-%m-%dT%H:%M:%SZ}"}

        def get(page: Mapping[str, int]) -> Answer:
            with there_a_moment_ago(self._github, self._repository):
                return self._github.get(self._path(number), {**wanted, **page})

        found = pages(get, list[Comment], ends_at=monotonic() + FIND_SECONDS)
        bodies = ((each.body or "").replace("\r\n", "\n").rstrip() for comments in found for each in comments)
        return any(body.endswith(f"\n{marker}") for body in bodies)

    def _path(self, number: int) -> str:
        return f"/repos/{self._repository}/issues/{number}/comments"


def require_created(answer: Answer) -> None:
    """Raise `Unknown` unless the answer says that something was created."""
    if answer.status != CREATED:
        raise Unknown(f"GitHub answered {answer.status} where 201 was expected")
