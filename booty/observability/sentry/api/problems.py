"""What Sentry knows of problems, asked instead of told: which are new, which came back, with their last event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from requests.utils import parse_header_links

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.listed_problem import ListedProblem
from booty.observability.sentry.api.client import READ_EVENTS, READ_PROJECTS, SentryApi, SentryTrouble
from booty.observability.sentry.api.rows import event_of, listed_problem
from booty.observability.sentry.resources import InvalidPayload, NotHandled
from booty.observability.sentry.schema.listed import SentIssueDetails, SentLatest, SentListedIssue
from booty.observability.sentry.schema.reading.by_path import read, rows
from booty.observability.sentry.schema.reading.repair import NotAnObject

PER_PAGE, MOST_PAGES = 100, 100
NEW, BACK = "is:unresolved firstSeen:>={since}", "is:unresolved is:regressed lastSeen:>={since}"
REGRESSION = "set_regression"
EVENT = re.compile(r"[0-9A-Za-z-]{1,60}", re.ASCII)
Page = tuple[ListedProblem, ...]


class SentryProblems:
    """The problems of one organization; times are unix seconds."""

    def __init__(self, api: SentryApi, *, with_locals: bool = False) -> None:
        """Take the API; `with_locals`: the local variables of a crash are read as well."""
        self._api = api
        self._with_locals = with_locals
        self._issues = f"/organizations/{api.organization}/issues/"

    def seen_since(self, since: float) -> Iterator[Page]:
        """Yield the open problems that are new or came back since then, page by page, the newest first.

        Some may be older, and one may be there twice. Raises `SentryTrouble`.
        """
        moment = f"{datetime.fromtimestamp(since, UTC):%Y-%m-%dT%H:%M:%S}"
        for query, sort in ((NEW, "new"), (BACK, "date")):
            yield from self._pages(query.format(since=moment), sort)

    def _pages(self, query: str, sort: str) -> Iterator[Page]:
        params: dict[str, object] = {"project": -1, "query": query, "sort": sort, "limit": PER_PAGE}
        for _ in range(MOST_PAGES):
            answer = self._api.call("GET", self._issues, permission=READ_EVENTS, params=params)
            yield self._page(answer.body)
            links = parse_header_links(answer.headers.get("Link", ""))
            further = [link for link in links if (link.get("rel"), link.get("results")) == ("next", "true")]
            cursor = further[0].get("cursor") if further else None
            if cursor is None:
                return
            params = params | {"cursor": cursor}
        remedy = "ask for a shorter time: booty reconcile --since 1h"
        raise SentryTrouble("Sentry lists too many problems", is_permanent=True, remedy=remedy)

    def _page(self, body: bytes) -> Page:
        try:
            listed = rows(SentListedIssue, body)
        except NotAnObject:
            remedy = "check SENTRY_URL"
            raise SentryTrouble("what answered is not Sentry's API", is_permanent=False, remedy=remedy) from None
        found = (listed_problem(row, self._api.organization, self._api.base_url) for row in listed)
        return tuple(filter(None, found))

    def came_back_at(self, problem: ListedProblem) -> float | None:
        """Return when Sentry saw last that it came back, None where it does not say. Raises `SentryTrouble`."""
        answer = self._api.call("GET", f"{self._issues}{problem.number}/", permission=READ_EVENTS)
        try:
            activity = read(SentIssueDetails, answer.body).activity
        except NotAnObject:
            return None
        return max(
            (each.created.timestamp() for each in activity if each.type == REGRESSION and each.created), default=None
        )

    def alert_of(self, problem: ListedProblem) -> Alert:
        """Return the alert of its last event. Raises `SentryTrouble`; of an event without sense, the list's alert."""
        latest = self._api.call("GET", f"{self._issues}{problem.number}/events/latest/", permission=READ_EVENTS)
        try:
            event = read(SentLatest, latest.body).id
        except NotAnObject:
            event = None
        if event is None or not EVENT.fullmatch(event) or problem.slug is None:
            return problem.alert
        path = f"/projects/{self._api.organization}/{problem.slug}/events/{event}/json/"
        answer = self._api.call("GET", path, permission=READ_PROJECTS)
        try:
            return event_of(answer.body, problem, with_locals=self._with_locals)
        except (InvalidPayload, NotHandled):
            return problem.alert
