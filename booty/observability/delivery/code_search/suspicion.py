"""The commits that may be the cause of a crash, each with the pull request that brought it in.

Which pull request that was is GitHub's answer; what a commit says of itself is its author's choice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from booty.observability.delivery.code_search.deadline import Inquiry
from booty.observability.delivery.code_search.recent import Recent
from booty.observability.issues.code.code_context import Suspect
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.outcomes import Refused

log = logging.getLogger(__name__)

PULLS = "pulls"
REMEDY = "give GITHUB_TOKEN, or the App, 'pull requests: read'; without it suspects have no pull requests"


class History(Protocol):
    """What a repository is asked; `github.repository` implements it. Raises `Refused`, `Postponed`, `Unknown`."""

    def suspects(self, path: str, *, commit: str, until: datetime) -> tuple[Suspect, ...]:
        """Return the last commits up to `commit` that touched `path`, none made after `until`."""

    def pull(self, commit: str) -> int | None:
        """Return the number of the pull request that brought `commit` into the default branch, None without one."""


class Suspicion:
    """Suspects the commits of one repository."""

    def __init__(self, history: History, web: WebLinks) -> None:
        """Take what is asked, and the addresses of the pages; nothing is sent yet."""
        self._history = history
        self._web = web
        self._refused = Recent()

    def find(self, path: str, commit: str, until: datetime, inquiry: Inquiry[Any]) -> Iterator[tuple[Suspect, ...]]:
        """Yield the suspects, then again with each pull request that is found in time. Raises as the history."""
        suspects = list(self._history.suspects(path, commit=commit, until=until))
        yield tuple(suspects)
        for at, suspect in enumerate(suspects):
            number = self._pull(suspect.sha, inquiry)
            if number is not None:
                suspects[at] = replace(suspect, pull=number, pull_url=self._web.pull(number))
                yield tuple(suspects)

    def _pull(self, commit: str, inquiry: Inquiry[Any]) -> int | None:
        """Ask for a pull request; a token without the permission is not asked with again for a while."""
        if not inquiry.is_asking or self._refused.has(PULLS, now=inquiry.now):
            return None
        try:
            return self._history.pull(commit)
        except Refused as refusal:
            self._refused.note(PULLS, now=inquiry.now)
            log.warning("pulls_refused", extra={"reason": str(refusal), "remedy": REMEDY})
            return None
