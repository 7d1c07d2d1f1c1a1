"""How an issue of ours is found again at GitHub."""

from __future__ import annotations

from typing import Any

import pytest
from support.github_issues import draft, issue, tracker
from support.github_stand_in import LOGIN, REPOSITORY, Fault, GitHubStandIn

from booty.observability.github.reading import PER_PAGE
from booty.observability.issues.outcomes import Postponed, Refused, Unknown

LONG_AGO = 1_000_000_000.0

Json = dict[str, Any]


def test_finds_its_issue_though_its_labels_were_dropped() -> None:
    with GitHubStandIn(drops_labels=True) as real:
        filing = tracker(real.api_url).create(draft())

        assert tracker(real.api_url).find(draft(), since=LONG_AGO) == filing


def test_finds_its_issue_at_the_repositorys_new_address() -> None:
    with GitHubStandIn(moved_to="/repositories/42") as real:
        filing = tracker(real.api_url).create(draft())

        assert tracker(real.api_url).find(draft(), since=LONG_AGO) == filing


def test_looks_no_further_back_than_the_post(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    of.create(draft())
    real.issues[0] |= {"updated_at": "2020-01-01T00:00:00Z", "created_at": "2020-01-01T00:00:00Z"}

    assert of.find(draft(), since=1_600_000_000.0) is None
    assert {call.query.get("since") for call in real.calls if call.path.endswith("/issues")} == {
        None,
        "2020-09-13T12:26:40Z",
    }


def test_lists_and_never_searches(real: GitHubStandIn) -> None:
    tracker(real.api_url).find(draft(), since=LONG_AGO)

    plain = {"state": "all", "sort": "created", "direction": "desc", "since": "2001-09-09T01:46:40Z"}
    paged = plain | {"per_page": str(PER_PAGE), "page": "1"}
    assert [(call.path, call.query) for call in real.calls] == [
        ("/user", {}),
        (f"/repos/{REPOSITORY}/issues", paged | {"labels": "agent:builder"}),
        (f"/repos/{REPOSITORY}/issues", paged | {"creator": LOGIN}),
    ]


@pytest.mark.parametrize("author", [{"login": "mallory"}, {"login": "booty-bot2"}])
def test_a_marker_in_somebody_elses_issue_is_not_ours(real: GitHubStandIn, author: Json) -> None:
    of = tracker(real.api_url)
    of.create(draft())
    real.issues[0]["user"] = author

    assert of.find(draft(), since=LONG_AGO) is None


def test_a_marker_that_is_not_the_last_line_is_not_ours(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    of.create(draft())
    real.issues[0]["body"] += "\nmore"

    assert of.find(draft(), since=LONG_AGO) is None


def test_a_body_with_other_line_ends_is_still_ours(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    filing = of.create(draft())
    real.issues[0]["body"] = real.issues[0]["body"].replace("\n", "\r\n") + "\r\n"

    assert of.find(draft(), since=LONG_AGO) == filing


def test_an_apps_token_which_has_no_login_finds_by_the_marker_alone(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    filing = of.create(draft())
    no_user = Fault(403, {}, b'{"message": "Resource not accessible by integration"}')
    real.fail(no_user, method="GET", times=1)

    assert of.find(draft(), since=LONG_AGO) == filing


def test_the_login_is_asked_for_once(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    of.find(draft(), since=LONG_AGO)
    of.find(draft(), since=LONG_AGO)

    assert [call.path for call in real.calls].count("/user") == 1


LOOKS: list[tuple[Fault, type[Exception]]] = [
    (Fault(503), Unknown),
    (Fault(200, {}, b"<html>"), Unknown),
    (Fault(manner="drop"), Unknown),
    (Fault(429, {"Retry-After": "9"}), Postponed),
]


@pytest.mark.parametrize(("fault", "outcome"), LOOKS, ids=["503", "nonsense", "drop", "429"])
def test_a_look_that_fails_never_says_that_there_is_no_issue(
    real: GitHubStandIn, fault: Fault, outcome: type[Exception]
) -> None:
    of = tracker(real.api_url)
    of.find(draft(), since=LONG_AGO)
    real.fail(fault, method="GET")

    with pytest.raises(outcome):
        of.find(draft(), since=LONG_AGO)


def test_a_list_that_is_refused_is_a_refusal(real: GitHubStandIn) -> None:
    real.fail(Fault(401, {}, b'{"message": "Bad credentials"}'), method="GET")

    with pytest.raises(Refused, match="Bad credentials"):
        tracker(real.api_url).find(draft(), since=LONG_AGO)


ODD = [{"user": None}, {"body": None}, {"labels": []}, {"labels": ["x"]}, {"created_at": None}, {"html_url": ""}]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_odd_issue_in_the_list_hides_no_other(real: GitHubStandIn, odd: Json) -> None:
    of = tracker(real.api_url)
    filing = of.create(draft())
    of.create(draft(event="b" * 32))
    real.issues[1] = issue(draft(), 2, **odd) | {"body": "odd", "updated_at": "2026-11-23T09:50:00Z", "state": "open"}
    real.fail(Fault(403), method="GET", times=1)  # no login: the author of an issue is not looked at

    assert of.find(draft(), since=LONG_AGO) == filing


def test_a_dead_token_is_told_instead_of_being_taken_for_an_apps(real: GitHubStandIn) -> None:
    real.fail(Fault(401, {}, b'{"message": "Bad credentials"}'), method="GET", times=1)
    of = tracker(real.api_url)

    with pytest.raises(Refused) as caught:
        of.find(draft(), since=0)
    assert caught.value.remedy is not None
    assert of.find(draft(), since=0) is None
    assert [call.path for call in real.calls].count("/user") == 2
