"""Issues that were changed at GitHub, in our own words."""

from __future__ import annotations

import responses
from support.github_issues import API, ISSUES, draft, tracker
from support.github_stand_in import GitHubStandIn

from booty.observability.alerts.issue import Issue
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.github.reading import PER_PAGE

ISSUE = f"{ISSUES}/7"
GITHUB = GitHub(api_url=API, token="t", version="2022-11-28")


@responses.activate
def test_an_issue_is_read_with_who_closed_it_and_why() -> None:
    closed = {"number": 7, "title": "t", "state": "closed", "state_reason": "not_planned"}
    accounts = [{"login": "stale", "type": "Bot"}, {"login": "stale[bot]"}, {"login": "ana", "type": "User"}, None]
    for account in accounts:
        responses.get(ISSUE, json=closed | {"closed_by": account})
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    issues = [issue for issue in (tracker.read(7) for _ in accounts) if isinstance(issue, Issue)]

    assert [issue.is_closed_by_bot for issue in issues] == [True, True, False, False]
    assert {(issue.title, issue.state_reason) for issue in issues} == {("t", "not_planned")}


def test_an_answer_that_still_holds_costs_no_list(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    of.create(draft())
    page = of.changed(since="2001-09-09T01:46:40Z", etag=None)
    assert page is not None
    assert page.etag

    assert of.changed(since="2001-09-09T01:46:40Z", etag=page.etag) is None


def test_what_a_full_page_leaves_of_one_second_does_not_stop_the_reading(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    for number in range(PER_PAGE + 2):
        of.create(draft(event=f"{number:032}"))
        real.issues[-1]["updated_at"] = "2026-11-23T09:50:00Z"
    real.issues[-1]["updated_at"] = "2026-11-23T09:50:01Z"

    full = of.changed(since="2026-11-23T09:50:00Z", etag=None)
    assert full is not None
    rest = of.changed(since=full.changed_until, etag=None)

    assert rest is not None
    assert [each.number for each in rest.issues] == [PER_PAGE + 2]


@responses.activate
def test_a_change_is_dated_in_utc_whatever_its_zone() -> None:
    times = ("2026-11-23T11:50:00+02:00", "2026-11-23T09:49:59Z", "0001-01-01T00:00:00Z")
    responses.get(ISSUES, json=[{"number": number, "updated_at": time} for number, time in enumerate(times, 1)])

    page = GitHubIssues(GITHUB, repository="acme/shop").changed(since="2026-11-23T09:00:00Z", etag=None)

    assert page is not None
    assert page.changed_until == "2026-11-23T09:50:00Z"
