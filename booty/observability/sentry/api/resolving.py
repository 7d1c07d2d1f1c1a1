"""A problem that was fixed on GitHub is resolved in Sentry as well."""

from __future__ import annotations

from booty.observability.sentry.api.client import WRITE_EVENTS, SentryApi


class SentryResolver:
    """Resolves problems of one organization (https://docs.sentry.io/api/events/update-an-issue/)."""

    def __init__(self, api: SentryApi) -> None:
        """Take the API, whose token needs `event:write`."""
        self._api = api

    def resolve(self, issue_id: str) -> None:
        """Resolve the issue in the next release: events of releases that are out do not bring it back.

        Raises `SentryTrouble`.
        """
        change = {"status": "resolved", "statusDetails": {"inNextRelease": True}}
        path = f"/organizations/{self._api.organization}/issues/{issue_id}/"
        self._api.call("PUT", path, permission=WRITE_EVENTS, content=change)
