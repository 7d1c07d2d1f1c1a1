"""What there is to find of an alert's code context, the quickest first.

GitHub is asked once a release whether the commit is the repository's own, for its files and its date; once an alert for
the commits that touched the crash and their pull requests. Of a commit that is not trusted nothing is linked or said.
How long anybody waits for it is `research`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.release import deployment_of
from booty.observability.delivery.code_search.deadline import Inquiry
from booty.observability.delivery.code_search.newest import NOBODY, Lineage, Newest, Sightings
from booty.observability.delivery.code_search.recent import Recent
from booty.observability.delivery.code_search.suspicion import History, Suspicion
from booty.observability.delivery.code_search.trusted_commits import Ancestry, TrustedCommits
from booty.observability.issues.code import permalinks
from booty.observability.issues.code.code_context import CodeContext, Comparison
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.code.source_tree import SourceTree
from booty.observability.issues.outcomes import Refused
from booty.observability.ledger.problems.seen_releases import ReleaseBook, Sighting
from booty.observability.ledger.releases.live import LiveBook

FRESH_SECONDS = 3600.0


class Source(Ancestry, History, Lineage, Protocol):
    """What a repository is asked; `github.repository` implements it. Raises `Refused`, `Postponed`, `Unknown`."""

    def paths(self, commit: str) -> tuple[str, ...]:
        """Return the paths of all files at `commit`."""

    def committed_at(self, commit: str) -> datetime | None:
        """Return when `commit` was made, None when that is not known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which parts of the code context to look for; the comparison of releases comes with the suspects.

    For `new_release_seconds` after its first sighting, a release counts as new.
    """

    links: bool
    suspects: bool
    new_release_seconds: float = 0.0


class Search:
    """Searches one repository, for one inquiry after the other; a late one may overlap with the next.

    Every method raises `Refused`, `Postponed`, `Unknown`, `NotStored`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is asked, remembered, wanted, each by its type
        self, source: Source, book: ReleaseBook, live: LiveBook, web: WebLinks, wanted: Wanted, seen: Sightings = NOBODY
    ) -> None:
        """Take what is asked, what is remembered, the addresses of the pages; nothing is sent yet."""
        self._source = source
        self._book = book
        self._web = web
        self._wanted = wanted
        self._trusted = TrustedCommits(source, book)
        self._suspicion = Suspicion(source, web)
        self._newest = Newest(source, live, self._trusted, web, seconds=wanted.new_release_seconds, sightings=seen)
        self._refused = Recent()
        self._last: tuple[str, SourceTree] | None = None

    def trust(self, inquiry: Inquiry[frozenset[str]], commits: Iterable[str]) -> None:
        """Set `inquiry.found` to more and more of those `commits` that are the repository's own."""
        for commit in commits:
            if self._trusted.judge(commit, inquiry):
                inquiry.found |= {commit}

    def run(
        self, inquiry: Inquiry[CodeContext | None], alert: Alert, commit: str, *, began_at: float | None = None
    ) -> None:
        """Set `inquiry.found` to more and more of what there is for `alert`, whose release is of `commit`.

        `began_at` is as in `CodeContextSource.gather`.
        """
        is_trusted = self._trusted.judge(commit, inquiry)
        if is_trusted is False:
            inquiry.found = CodeContext(is_untrusted=True)
        new_release = self._newest.judge(alert, commit, began_at, inquiry) if is_trusted and began_at else None
        inquiry.found = CodeContext(new_release=new_release) if new_release else inquiry.found
        tree = self._known(commit) or self._learn(commit, inquiry) if is_trusted else None
        if tree is None:
            return
        links = permalinks.find(alert, tree=tree, commit=commit, web=self._web)
        found = CodeContext(new_release=new_release)
        if self._wanted.links:
            found = replace(found, crash=links.crash, calls=links.calls)
        inquiry.found = found
        if not self._wanted.suspects:
            return
        seen = self._book.see(commit, deployment=deployment_of(alert), now=inquiry.now)
        inquiry.found = found = replace(found, comparison=self._compare(commit, seen, inquiry))
        if links.crash_path and inquiry.is_asking:
            until = self._released_at(commit) or datetime.fromtimestamp(seen.first_seen_at, UTC)
            for suspects in self._suspicion.find(links.crash_path, commit, until, inquiry):
                inquiry.found, inquiry.is_enough = replace(found, suspects=suspects), True

    def _known(self, commit: str) -> SourceTree | None:
        last = self._last  # read once: a late thread may write it
        if last is not None and last[0] == commit:
            return last[1]
        if (paths := self._book.paths(commit)) is None:
            return None
        self._last = (commit, tree := SourceTree(paths, home=self._web.home))
        return tree

    def _learn(self, commit: str, inquiry: Inquiry[CodeContext | None]) -> SourceTree | None:
        """Ask for the files of the commit, once; a commit that was refused is not asked for again for a while."""
        if self._refused.has(commit, now=inquiry.now) or not inquiry.is_asking:
            return None
        try:
            paths = self._source.paths(commit)
        except Refused:
            self._refused.note(commit, now=inquiry.now)
            raise
        self._last = (commit, tree := SourceTree(paths, home=self._web.home))
        self._book.keep_paths(commit, paths)
        return tree

    def _released_at(self, commit: str) -> datetime | None:
        """Return when the commit was made, asking once a release."""
        known = self._book.committed_at(commit)
        if known is None and (known := self._source.committed_at(commit)):
            self._book.keep_date(commit, known)
        return known

    def _compare(self, commit: str, seen: Sighting, inquiry: Inquiry[CodeContext | None]) -> Comparison | None:
        """Compare with the release before, which anybody may have named as well."""
        if seen.before is None or not self._trusted.judge(seen.before, inquiry):
            return None
        return Comparison(
            before=seen.before,
            after=commit,
            url=self._web.comparison(seen.before, commit),
            is_fresh=inquiry.now - seen.first_seen_at <= FRESH_SECONDS,
        )
