"""When Sentry saw a problem: what its alert rules pass on is only some of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from booty.observability.alerts.problem import Seen
from booty.observability.sentry.api.client import READ_EVENTS, SentryApi
from booty.observability.sentry.schema.listed import SentIssueDetails
from booty.observability.sentry.schema.reading.by_path import read
from booty.observability.sentry.schema.reading.repair import NotAnObject

SENTRY_ISSUE = re.compile(r"(?!metric:)[^:]+:(\d{1,20})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SentrySightings:
    """Asks Sentry of one problem at a time."""

    api: SentryApi

    def of(self, fingerprint: str) -> Seen:
        """Return when the problem was seen; nothing of one that is not an issue of Sentry's. Raises `SentryTrouble`."""
        named = SENTRY_ISSUE.fullmatch(fingerprint)
        if named is None:
            return Seen()
        path = f"/organizations/{self.api.organization}/issues/{named[1]}/"
        try:
            found = read(SentIssueDetails, self.api.call("GET", path, permission=READ_EVENTS).body)
        except NotAnObject:
            return Seen()
        first, last = found.first_seen, found.last_seen
        return Seen(first.timestamp() if first else None, last.timestamp() if last else None)
