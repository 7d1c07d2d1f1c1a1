"""What there is to find of an alert's provenance, the quickest first.

GitHub is asked once a release for its files and its date, and once an alert for the commits that touched the crash.
How long anybody waits for it is `research`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event
from typing import Protocol

from booty.observability import permalinks
from booty.observability.alert import Alert
from booty.observability.provenance import Comparison, Provenance, Suspect, deployment_of
from booty.observability.release_book import ReleaseBook, Sighting
from booty.observability.source_tree import SourceTree
from booty.observability.tracker import Refused
from booty.observability.web_links import WebLinks

REFUSED_SECONDS = 300.0
"""For how long a commit that GitHub refused is not asked for again."""
MOST_REFUSED = 50
FRESH_SECONDS = 3600.0


class Source(Protocol):
    """What a repository is asked; `github_source` implements it. Raises `Refused`, `Postponed`, `Unknown`."""

    def paths(self, commit: str) -> tuple[str, ...]:
        """Return the paths of all files at `commit`."""

    def committed_at(self, commit: str) -> datetime | None:
        """Return when `commit` was made, None when that is not known."""

    def suspects(self, path: str, *, commit: str, until: datetime) -> tuple[Suspect, ...]:
        """Return the last commits up to `commit` that touched `path`, none made after `until`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which parts of provenance to look for; the comparison of releases comes with the suspects."""

    links: bool
    suspects: bool


@dataclass(slots=True)
class Inquiry:
    """One alert's search: what it has found so far, and whether anybody still waits for it.

    `commit` is the release's, `now` in unix seconds; `may_ask` allows calls, else only what is known is found.
    """

    alert: Alert
    commit: str
    now: float
    may_ask: bool
    found: Provenance | None = None
    is_over: Event = field(default_factory=Event)
    is_late: bool = False

    @property
    def is_asking(self) -> bool:
        """Calls may still be made for it."""
        return self.may_ask and not self.is_late


class Search:
    """Searches one repository, for one inquiry after the other; a late one may overlap with the next."""

    def __init__(self, source: Source, book: ReleaseBook, web: WebLinks, wanted: Wanted) -> None:
        """Take what is asked, what is remembered, the addresses of the pages; nothing is sent yet."""
        self._source = source
        self._book = book
        self._web = web
        self._wanted = wanted
        self._refused: dict[str, float] = {}
        self._last: tuple[str, SourceTree] | None = None

    def run(self, inquiry: Inquiry) -> None:
        """Set `inquiry.found` to more and more. Raises `Refused`, `Postponed`, `Unknown`, `NotStored`."""
        tree = self._known(inquiry.commit) or self._learn(inquiry)
        if tree is None:
            return
        links = permalinks.find(inquiry.alert, tree=tree, commit=inquiry.commit, web=self._web)
        found = Provenance(crash=links.crash, calls=links.calls) if self._wanted.links else Provenance()
        inquiry.found = found
        if not self._wanted.suspects:
            return
        seen = self._book.see(inquiry.commit, deployment=deployment_of(inquiry.alert), now=inquiry.now)
        inquiry.found = found = replace(found, comparison=self._compare(inquiry, seen))
        if links.crash_path and inquiry.is_asking:
            until = self._released_at(inquiry.commit) or datetime.fromtimestamp(seen.first_seen_at, UTC)
            suspects = self._source.suspects(links.crash_path, commit=inquiry.commit, until=until)
            inquiry.found = replace(found, suspects=suspects)

    def _known(self, commit: str) -> SourceTree | None:
        last = self._last  # read once: a late thread may write it
        if last is not None and last[0] == commit:
            return last[1]
        if (paths := self._book.paths(commit)) is None:
            return None
        self._last = (commit, tree := SourceTree(paths))
        return tree

    def _learn(self, inquiry: Inquiry) -> SourceTree | None:
        """Ask for the files of the commit, once; a commit that was refused is not asked for again for a while."""
        refused_at = self._refused.get(inquiry.commit)
        is_refused = refused_at is not None and 0 <= inquiry.now - refused_at < REFUSED_SECONDS
        if is_refused or not inquiry.is_asking:
            return None
        try:
            paths = self._source.paths(inquiry.commit)
        except Refused:
            newest = list(self._refused.items())[-(MOST_REFUSED - 1) :]
            self._refused = {**dict(newest), inquiry.commit: inquiry.now}
            raise
        self._last = (inquiry.commit, tree := SourceTree(paths))
        self._book.keep_paths(inquiry.commit, paths)
        return tree

    def _released_at(self, commit: str) -> datetime | None:
        """Return when the commit was made, asking once a release."""
        known = self._book.committed_at(commit)
        if known is None and (known := self._source.committed_at(commit)):
            self._book.keep_date(commit, known)
        return known

    def _compare(self, inquiry: Inquiry, seen: Sighting) -> Comparison | None:
        if seen.before is None:
            return None
        return Comparison(
            before=seen.before,
            after=inquiry.commit,
            url=self._web.comparison(seen.before, inquiry.commit),
            is_fresh=inquiry.now - seen.first_seen_at <= FRESH_SECONDS,
        )
