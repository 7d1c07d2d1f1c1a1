"""One call to Sentry's web API: an issue that was fixed on GitHub is resolved in Sentry as well."""

from __future__ import annotations

from booty.observability.exchange import NoAnswer, fetch

OK = 200
LIMITED = frozenset({408, 429})
SERVER_ERROR = 500


class NotResolved(Exception):
    """Sentry did not take it, and never will when `is_permanent`; the text has no content of the answer."""

    def __init__(self, reason: str, *, is_permanent: bool) -> None:
        """Carry whether another try makes sense."""
        super().__init__(reason)
        self.is_permanent = is_permanent


class SentryApi:
    """Sentry's web API for one organization (https://docs.sentry.io/api/events/update-an-issue/)."""

    def __init__(self, *, base_url: str, organization: str, token: str) -> None:
        """Take the base address, such as https://sentry.io, and a token with `event:write`."""
        self._issues = f"{base_url}/api/0/organizations/{organization}/issues"
        self._token = token

    def resolve(self, issue_id: str) -> None:
        """Resolve the issue in the next release: events of releases that are out do not bring it back.

        Raises `NotResolved`.
        """
        change = {"status": "resolved", "statusDetails": {"inNextRelease": True}}
        try:
            answer = fetch("PUT", f"{self._issues}/{issue_id}/", token=self._token, json=change)
        except NoAnswer as failure:
            raise NotResolved(str(failure), is_permanent=False) from None
        if answer.status != OK:
            is_permanent = answer.status < SERVER_ERROR and answer.status not in LIMITED
            raise NotResolved(f"Sentry answered {answer.status}", is_permanent=is_permanent)
