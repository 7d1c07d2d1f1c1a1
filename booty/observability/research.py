"""The search for an alert's provenance, within a time that nobody notices.

It is a nicety: an issue is filed with what is known after `PATIENCE_SECONDS`, be it nothing. The calls run in a thread
of their own, because no timeout of a client holds in every case (a name that does not resolve, headers that trickle).
What comes later is kept for the next alert of the same release. After a failure nothing is asked for `QUIET_SECONDS`;
what is known by then is still used.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Protocol

from booty.observability import permalinks
from booty.observability.alert import Alert
from booty.observability.provenance import Comparison, Provenance, Suspect, commit_of
from booty.observability.release_book import ReleaseBook, Sighting
from booty.observability.source_tree import SourceTree
from booty.observability.store import NotStored
from booty.observability.tracker import Postponed, Refused, Unknown
from booty.observability.web_links import WebLinks

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
QUIET_SECONDS = 300.0
FRESH_SECONDS = 3600.0
MOST_REFUSED = 50
REMEDY = "give GITHUB_TOKEN 'contents: read', or set OBSV_PERMALINKS=0 and OBSV_SUSPECTS=0"


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
class _Inquiry:
    """One alert's search: what it has found so far, and whether anybody still waits for it."""

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


class Research:
    """Implements `provenance.ProvenanceSource`; one in every courier, for one thread."""

    def __init__(
        self,
        source: Source,
        book: ReleaseBook,
        web: WebLinks,
        wanted: Wanted,
        *,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Wait for an answer for at most `patience` seconds in all; nothing runs yet."""
        self._source = source
        self._book = book
        self._web = web
        self._wanted = wanted
        self._patience = patience
        self._thread: Thread | None = None
        self._failed_at: float | None = None
        self._refused: dict[str, float] = {}
        self._last: tuple[str, SourceTree] | None = None

    def gather(self, alert: Alert, *, now: float) -> Provenance | None:
        """See `ProvenanceSource.gather`; `now` in unix seconds."""
        commit = commit_of(alert.release)
        if commit is None:
            return None
        inquiry = _Inquiry(alert, commit, now, may_ask=self._may_ask(now))
        if not inquiry.may_ask:
            self._run(inquiry)
            return inquiry.found
        self._thread = Thread(target=self._run, args=(inquiry,), name="research", daemon=True)
        self._thread.start()
        if not inquiry.is_over.wait(self._patience):
            inquiry.is_late, self._failed_at = True, now
            log.warning("provenance_late", extra={"release": commit, "seconds": self._patience})
        return inquiry.found

    def _may_ask(self, now: float) -> bool:
        is_quiet = self._failed_at is not None and 0 <= now - self._failed_at < QUIET_SECONDS
        return not is_quiet and (self._thread is None or not self._thread.is_alive())

    def _run(self, inquiry: _Inquiry) -> None:
        try:
            self._search(inquiry)
        except Refused as refusal:
            log.warning("provenance_refused", extra={"reason": str(refusal), "remedy": REMEDY})
        except (Postponed, Unknown, NotStored) as failure:
            self._failed_at = inquiry.now
            log.warning("provenance_failed", extra={"reason": str(failure)})
        except Exception:  # the outermost of a thread, and of a nicety: a bug in it must not cost the alert
            self._failed_at = inquiry.now
            log.exception("provenance_failed")
        finally:
            inquiry.is_over.set()

    def _search(self, inquiry: _Inquiry) -> None:
        """Add to `inquiry.found` whatever is known, the quickest first."""
        tree = self._known(inquiry.commit) or self._learn(inquiry)
        if tree is None:
            return
        links = permalinks.find(inquiry.alert, tree=tree, commit=inquiry.commit, web=self._web)
        found = Provenance(crash=links.crash, calls=links.calls) if self._wanted.links else Provenance()
        inquiry.found = found
        if not self._wanted.suspects:
            return
        seen = self._book.see(inquiry.commit, environment=inquiry.alert.environment or "", now=inquiry.now)
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

    def _learn(self, inquiry: _Inquiry) -> SourceTree | None:
        """Ask for the files of the commit, once; a commit that was refused is not asked for again for a while."""
        refused_at = self._refused.get(inquiry.commit)
        is_refused = refused_at is not None and 0 <= inquiry.now - refused_at < QUIET_SECONDS
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

    def _compare(self, inquiry: _Inquiry, seen: Sighting) -> Comparison | None:
        if seen.before is None:
            return None
        return Comparison(
            before=seen.before,
            after=inquiry.commit,
            url=self._web.comparison(seen.before, inquiry.commit),
            is_fresh=inquiry.now - seen.first_seen_at <= FRESH_SECONDS,
        )
