"""What people do to issues on GitHub, found by asking, so that GitHub need not call us.

The ledger learns the state of its issues, so that an alert after a closing is not taken for a repetition; Sentry, where
that is switched on, is told that an issue was closed as completed. One list call a cycle, over all workers,
conditional: when nothing changed it costs nothing. It runs in a thread of its own: it delays no alert, and a cycle that
fails is made up for by the next one.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Protocol

from booty.observability.alerts.issue import Issue
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.repositories.names import plain
from booty.observability.sentry.api.client import SentryTrouble

log = logging.getLogger(__name__)

CYCLE_SECONDS = 60.0
LONGEST_REST_SECONDS = 600.0
SENTRY_ISSUE = re.compile(r"(?!metric:)[^:]+:(\d{1,20})")


class Resolver(Protocol):
    """Where a problem is resolved."""

    def resolve(self, issue_id: str) -> None:
        """Resolve it. Raises `SentryTrouble`."""


class Resolutions:
    """Learns how a repository's issues stand, tells the resolver; the book keeps workers from doing it twice."""

    def __init__(
        self,
        book: ClosingBook,
        tracker: Tracker,
        resolver: Resolver | None,
        *,
        on_read: Callable[[tuple[Issue, ...]], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take what is asked and told; nothing is sent yet. Without a `resolver`, Sentry is told nothing.

        `on_read` is shown all issues that were read, again if what follows fails.
        """
        self._book = book
        self._on_read = on_read
        self._tracker = tracker
        self._resolver = resolver
        self._clock = clock
        self._resumes_at = 0.0
        self._failures = 0
        self._reason = ""

    def cycle(self) -> None:
        """Learn what changed since the last cycle; nothing when it is not yet time for another."""
        began_at = self._clock()
        if 0 < self._resumes_at - began_at <= LONGEST_REST_SECONDS:
            return
        place = self._book.begin_cycle(now=began_at, seconds=CYCLE_SECONDS)
        if place is None:
            return
        try:
            page = self._tracker.changed(since=place.since, etag=place.etag)
        except (Refused, Postponed, Unknown) as failure:
            self._rest(failure, now=began_at)
            return
        self._failures, self._reason = 0, ""
        if page is None:
            return
        self._book.learn(page.issues, as_of=began_at, now=self._clock())
        self._on_read(page.issues)
        resolver = self._resolver
        told = [self._tell(issue, resolver) for issue in page.issues if resolver and issue.is_completed]
        if all(told):
            etag = page.etag if page.changed_until == place.since else None
            self._book.end_cycle(since=page.changed_until, etag=etag)

    def _rest(self, failure: Refused | Postponed | Unknown, *, now: float) -> None:
        """Ask again later, the later the more often it failed; log why, once."""
        own = CYCLE_SECONDS * 2 ** min(self._failures, 5)
        limit = failure.pause_seconds if isinstance(failure, Postponed) else None
        self._resumes_at = now + min(max(own, limit or 0.0), LONGEST_REST_SECONDS)
        self._failures += 1
        if str(failure) != self._reason:
            self._reason = str(failure)
            log.warning("closings_not_read", extra={"reason": self._reason})

    def _tell(self, issue: Issue, resolver: Resolver) -> bool:
        """Tell Sentry of one closing; return False when it is to be tried again."""
        fingerprint = self._book.to_resolve(issue.number)
        sentry_issue = SENTRY_ISSUE.fullmatch(plain(fingerprint)) if fingerprint else None
        if fingerprint is None or sentry_issue is None:
            return True
        try:
            resolver.resolve(sentry_issue[1])
        except SentryTrouble as failure:
            log.warning("sentry_not_told", extra={"fingerprint": fingerprint, "reason": str(failure)})
            return failure.is_permanent
        self._book.note_resolved(fingerprint)
        log.info("sentry_told", extra={"fingerprint": fingerprint, "issue": issue.number})
        return True
