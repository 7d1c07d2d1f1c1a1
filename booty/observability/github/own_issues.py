"""Finding issues of ours at GitHub, by what they carry.

Lists them by label and by creator, since a label can be dropped; never searches, because the search index lags. An
issue of another author is not ours, whatever marker it carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from time import monotonic

from booty.observability.alerts.issue import IssueRef, ListedIssue
from booty.observability.exchange import Answer
from booty.observability.github.answers import BadToken
from booty.observability.github.changes import as_it_stands
from booty.observability.github.client import GitHub
from booty.observability.github.reading import FIND_SECONDS, PER_PAGE, pages, read
from booty.observability.github.repository_check import needed_by_all
from booty.observability.github.schema.issues import Account, Issue, Written
from booty.observability.issues.draft import Draft, is_of_rule, marker_of
from booty.observability.issues.outcomes import Refused, Unknown

MOST_LOOKED_THROUGH = 300
MOST_PAGES = 10_000
"""Of one list; at GitHub's limit of 500 new issues an hour it takes 25 days to fill them."""


class OwnIssues:
    """The issues at `path` that our account created."""

    def __init__(self, github: GitHub, *, path: str) -> None:
        """Take the API; nothing is sent yet."""
        self._github = github
        self._path = path
        self._login: str | None = None

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """See `Tracker.find`."""
        marker = marker_of(draft.body)
        candidates = self._list(draft, since=since)
        return next((reference(each) for each in candidates if marker and marker_of(each.body or "") == marker), None)

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> IssueRef | None:
        """See `Tracker.find_rule`; among the newest ones only: it matters only after a ledger was lost."""
        candidates = islice(self._list(draft, since=since), MOST_LOOKED_THROUGH)
        return next((reference(each) for each in candidates if is_of_rule(each.body or "", fingerprint)), None)

    def page(self, number: int, *, label: str | None, above: int) -> tuple[list[ListedIssue], int | None]:
        """Return our issues on page `number` (from 1), oldest first, by label or by creator.

        With them comes the highest number on the page, None on the last one; `above` is that of the page before.
        Raises `Unknown` for a list that repeats itself, or has more pages than `MOST_PAGES`.

        By creator there are none where an app's token was set, which has no login.
        """
        login = self._own_login()
        if not (label or login):
            return [], None
        narrowed = {"labels": label} if label else {"creator": login}
        order: dict[str, str | int] = {"state": "all", "sort": "created", "direction": "asc"}
        with needed_by_all(self._github):
            page = order | narrowed | {"per_page": PER_PAGE, "page": number}
            found = read(list[Issue], self._github.get(self._path, page))
        listed = [
            ListedIssue(as_it_stands(each), reference(each), each.created_at.timestamp())
            for each in found
            if _is_of(each, login) and each.created_at
        ]
        if len(found) < PER_PAGE:
            return listed, None
        highest = max(each.number for each in found)
        if highest <= above or number > MOST_PAGES:
            raise Unknown("GitHub lists the same issues again, or more than there can be")
        return listed, highest

    def _list(self, draft: Draft, *, since: float) -> Iterator[Issue]:
        """Yield our issues by the label of `draft`, then by their creator."""
        ends_at, login = monotonic() + FIND_SECONDS, self._own_login()
        by_creator = {"creator": login} if login else {}
        for narrowed in ({"labels": draft.labels[0]}, by_creator):
            for issue in self._narrowed(narrowed, since=since, ends_at=ends_at):
                if _is_of(issue, login):
                    yield issue

    def _narrowed(self, narrowed: dict[str, str], *, since: float, ends_at: float) -> Iterator[Issue]:
        """Yield issues created after `since` (unix seconds), newest first, open or closed."""
        oldest = datetime.fromtimestamp(since, UTC)
        wanted = {"state": "all", "sort": "created", "direction": "desc", "since": f"{oldest:%Y-%m-%dT%H:%M:%SZ}"}

        def get(page: Mapping[str, int]) -> Answer:
            with needed_by_all(self._github):
                return self._github.get(self._path, narrowed | wanted | dict(page))

        for issues in pages(get, list[Issue], ends_at=ends_at):
            yield from issues
            if issues and _is_older(issues[-1], oldest):
                return

    def _own_login(self) -> str:
        """Return the login that the calls are made as; "" for an app's token that somebody set, which has none."""
        if self._login is None:
            self._login = self._github.credential.login() or self._asked_login()
        return self._login

    def _asked_login(self) -> str:
        try:
            return read(Account, self._github.get("/user")).login
        except BadToken:
            raise
        except Refused:
            return ""


def reference(issue: Written) -> IssueRef:
    """Return where the issue is."""
    return IssueRef(issue.number, issue.html_url)


def _is_of(issue: Issue, login: str) -> bool:
    return not login or issue.user is None or issue.user.login.lower() == login.lower()


def _is_older(issue: Issue, oldest: datetime) -> bool:
    return issue.created_at is not None and issue.created_at.timestamp() < oldest.timestamp()
