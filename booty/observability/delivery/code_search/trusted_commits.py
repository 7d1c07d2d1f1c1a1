"""The commits that are the repository's own, which an issue may link.

Anybody can name any commit in an event's release, and GitHub serves the commits of every fork under the name of the
repository that was forked. Trusted is what the default branch holds, or what our own tag of a release points to. Yes is
remembered for good, by every process; no for some minutes, since a commit may be merged yet.
"""

from __future__ import annotations

import logging
from typing import Any, Protocol

from booty.observability.delivery.code_search.deadline import Inquiry
from booty.observability.delivery.code_search.recent import Recent
from booty.observability.issues.outcomes import Refused
from booty.observability.ledger.problems.seen_releases import ReleaseBook

log = logging.getLogger(__name__)

REMEDY = "push it to the default branch; if it is there, give GITHUB_TOKEN, or the App, 'contents: read'"


class Ancestry(Protocol):
    """What a repository is asked; `github.repository` implements it. Raises `Refused`, `Postponed`, `Unknown`."""

    def is_on_default_branch(self, commit: str) -> bool:
        """Return whether the default branch holds `commit`; no as well where GitHub knows of none."""

    def is_tagged(self, commit: str) -> bool:
        """Return whether our own tag of the release points to `commit`."""


class TrustedCommits:
    """The judgement of one repository's commits."""

    def __init__(self, source: Ancestry, book: ReleaseBook) -> None:
        """Take what is asked and what is remembered; nothing is sent yet."""
        self._source = source
        self._book = book
        self._strange = Recent()
        self._refused = Recent()

    def judge(self, commit: str, inquiry: Inquiry[Any]) -> bool | None:
        """Return whether `commit` is trusted, None when it could not be asked. Raises as the source, or `NotStored`."""
        if self._book.is_trusted(commit):
            return True
        if self._strange.has(commit, now=inquiry.now):
            return False
        if self._refused.has(commit, now=inquiry.now) or not inquiry.is_asking:
            return None
        try:
            is_ours = self._source.is_on_default_branch(commit) or self._source.is_tagged(commit)
        except Refused:
            self._refused.note(commit, now=inquiry.now)
            raise
        if is_ours:
            self._book.trust(commit)
        else:
            self._strange.note(commit, now=inquiry.now)
            log.warning("release_untrusted", extra={"commit": commit, "remedy": REMEDY})
        return is_ours
