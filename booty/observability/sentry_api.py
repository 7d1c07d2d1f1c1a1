"""One call to Sentry's web API: an issue that was fixed on GitHub is resolved in Sentry as well."""

from __future__ import annotations

import requests

TIMEOUT = (5.0, 10.0)
"""Seconds to connect, and between two reads."""
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
        self._headers = {"Authorization": f"Bearer {token}"}

    def resolve(self, issue_id: str) -> None:
        """Resolve the issue in the next release: events of releases that are out do not bring it back.

        Raises `NotResolved`.
        """
        change = {"status": "resolved", "statusDetails": {"inNextRelease": True}}
        try:
            with requests.Session() as session:
                session.trust_env = False  # a ~/.netrc entry would take the place of the token
                answer = session.put(
                    f"{self._issues}/{issue_id}/",
                    json=change,
                    headers=self._headers,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    stream=True,  # the answer's body is of no use
                )
                answer.close()
        except requests.RequestException as error:
            raise NotResolved(type(error).__name__, is_permanent=False) from None
        status = answer.status_code
        if status != OK:
            is_permanent = status < SERVER_ERROR and status not in LIMITED
            raise NotResolved(f"Sentry answered {status}", is_permanent=is_permanent)
