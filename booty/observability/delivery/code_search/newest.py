"""Whether a problem began with the newest release, within its first minutes.

A release's name is anybody's word. It is believed when its commit is the repository's own and comes after the commit of
the release before it; where this service itself runs that package in that environment, only what it runs itself. In
doubt the answer is no.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.problem import Seen
from booty.observability.alerts.release import package_of
from booty.observability.delivery.code_search.deadline import Inquiry
from booty.observability.delivery.code_search.trusted_commits import TrustedCommits
from booty.observability.issues.code.code_context import NewRelease
from booty.observability.issues.code.links import WebLinks
from booty.observability.ledger.problems.known_changes import SENTRY_LAG_SECONDS
from booty.observability.ledger.releases.live import LiveBook, LiveRelease
from booty.observability.sentry.api.client import SentryTrouble

log = logging.getLogger(__name__)

DEPLOYED, WORKFLOW = "booty", "deploy.yml"
"""The package that the deploy of this project stamps on releases, and the workflow that brings them out."""
PRODUCTION = frozenset({"", "production", "prod", "live"})
"""Environments that the workflow's `previous` takes back; of another, such as staging, it would be the wrong one."""
MOST_ASKED = 5
"""Other releases of which GitHub is asked, on either side."""


class Lineage(Protocol):
    """What a repository is asked; `github.repository` implements it. Raises `Refused`, `Postponed`, `Unknown`."""

    def is_before(self, commit: str, later: str) -> bool:
        """Return whether `later` holds `commit` and more; where GitHub cannot compare them, nobody says no."""


class Sightings(Protocol):
    """Where it is asked when a problem was seen; `sentry.api.sightings` implements it."""

    def of(self, fingerprint: str) -> Seen:
        """Return what is known. Raises `SentryTrouble`."""


class Nobody:
    """Stands where nobody can be asked."""

    def of(self, fingerprint: str) -> Seen:
        """See `Sightings`."""
        del fingerprint
        return Seen()


NOBODY = Nobody()


@dataclass(frozen=True, slots=True)
class Newest:
    """Judges by one repository's commits; a release counts as new for `seconds`.

    `sightings` knows of what never came here.
    """

    source: Lineage
    live: LiveBook
    trusted: TrustedCommits
    web: WebLinks
    seconds: float
    sightings: Sightings

    def judge(self, alert: Alert, commit: str, began_at: float, inquiry: Inquiry[Any]) -> NewRelease | None:
        """Return the newest release, of the trusted `commit`, if the problem of `alert` came with it.

        `began_at` is when that was first seen (unix seconds). Raises as the source, or `NotStored`.
        """
        line = self.live.line(alert.fingerprint, alert.release or "", alert.environment) if self.seconds else ()
        seen = next((each for each in line if each.commit == commit), None)
        if seen is None or (any(each.is_own for each in line) and not seen.is_own):
            return None
        live_seconds = began_at - seen.first_seen
        if not -SENTRY_LAG_SECONDS <= live_seconds <= self.seconds:
            return None
        at = line.index(seen)
        before = self._before(line[:at], commit, inquiry)
        if before is None or not self._is_newest(line[at + 1 :], commit, inquiry):
            return None
        if not inquiry.is_asking or self._was_seen_before(alert.fingerprint, seen.first_seen):
            return None
        is_deployed = package_of(alert.release or "") == DEPLOYED and (alert.environment or "").lower() in PRODUCTION
        deploy_url = self.web.workflow(WORKFLOW) if is_deployed else None
        return NewRelease(commit, before, max(live_seconds, 0.0), self.web.comparison(before, commit), deploy_url)

    def _was_seen_before(self, fingerprint: str, first_seen: float) -> bool:
        """Return whether Sentry saw the problem before the release, if Sentry can be asked."""
        try:
            first = self.sightings.of(fingerprint).first
        except SentryTrouble as trouble:
            log.info("sighting_unknown", extra={"fingerprint": fingerprint, "reason": str(trouble)})
            return False
        return first is not None and first < first_seen - SENTRY_LAG_SECONDS

    def _before(self, earlier: Sequence[LiveRelease], commit: str, inquiry: Inquiry[Any]) -> str | None:
        """Return the release before; None without one, or where that is not older."""
        for each in earlier[: -MOST_ASKED - 1 : -1]:
            if self.trusted.judge(each.commit, inquiry):
                return each.commit if inquiry.is_asking and self.source.is_before(each.commit, commit) else None
        return None

    def _is_newest(self, later: Sequence[LiveRelease], commit: str, inquiry: Inquiry[Any]) -> bool:
        """Return whether what was seen later is made up, or is older: it still ran, or somebody went back to it."""
        for each in later[: -MOST_ASKED - 1 : -1]:
            is_trusted = self.trusted.judge(each.commit, inquiry)
            if is_trusted is None or not inquiry.is_asking:
                return False
            if is_trusted and not self.source.is_before(each.commit, commit):
                return False
        return True
