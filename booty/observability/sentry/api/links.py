"""The issue that a problem has elsewhere, shown on its page in Sentry."""

from __future__ import annotations

import re

from booty.observability.alerts.issue import IssueRef
from booty.observability.sentry.api.client import WRITE_EVENTS, SentryApi

ISSUE_PAGE = re.compile(r"https?://[^/]+/(?P<repository>[\w.-]+/[\w.-]+)/issues/\d+", re.ASCII)


class SentryLinks:
    """Links of one integration's installation (https://docs.sentry.io/api/integration/create-or-update-an-external-issue/)."""

    def __init__(self, api: SentryApi, *, repository: str) -> None:
        """Take the API, whose token must be of that integration.

        `repository` is the `owner/name` of issues whose address does not say it.
        """
        self._api = api
        self._repository = repository

    def link(self, sentry_issue: str, issue: IssueRef, *, installation: str, repository: str | None = None) -> None:
        """Show `owner/name#number` there, in place of an issue that was linked before. Raises `SentryTrouble`.

        `repository` is whose issue it is where its address does not say it, None: that of the settings.
        """
        path = f"/sentry-app-installations/{installation}/external-issues/"
        named = ISSUE_PAGE.fullmatch(issue.url)
        project = named["repository"] if named else repository or self._repository
        shown = {"project": project, "identifier": str(issue.number), "webUrl": issue.url}
        self._api.call("POST", path, permission=WRITE_EVENTS, content={"issueId": int(sentry_issue), **shown})
