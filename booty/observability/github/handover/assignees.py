"""The accounts that are assigned to issues."""

from __future__ import annotations

from booty.observability.github.client import GitHub
from booty.observability.github.handover.dropped import Dropped
from booty.observability.github.reading import read
from booty.observability.github.repository_check import there_a_moment_ago
from booty.observability.github.schema.issues import Written
from booty.observability.issues.outcomes import Passing, Refused


class Assignees:
    """Those of one repository, `owner/name`."""

    def __init__(self, github: GitHub, *, repository: str, dropped: Dropped) -> None:
        """Take the API, and what says who was left out."""
        self._github = github
        self._repository = repository
        self._dropped = dropped

    def put_on(self, number: int, logins: tuple[str, ...]) -> tuple[str, ...]:
        """See `Tracker.assign`; a refusal means that all of them are left out, unless it would refuse everything."""
        try:
            with there_a_moment_ago(self._github, self._repository):
                answer = self._github.post(self._path(number), {"assignees": list(logins)})
        except Refused as refusal:
            if refusal.remedy not in {None, self._github.credential.remedies.permission} or isinstance(
                refusal, Passing
            ):
                raise
            self._dropped.tell_refused(logins, number, str(refusal), permission="issues: write")
            return logins
        return self._dropped.tell_assignees(logins, read(Written, answer), answer)

    def take_off(self, number: int, logins: tuple[str, ...]) -> None:
        """See `Tracker.unassign`."""
        with there_a_moment_ago(self._github, self._repository):
            self._github.delete(self._path(number), {"assignees": list(logins)})

    def _path(self, number: int) -> str:
        return f"/repos/{self._repository}/issues/{number}/assignees"
