"""The tracker at GitHub: what it sends, by GitHub's own description; what it makes of the answers; how it finds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from githubkit.versions.v2022_11_28 import models as v2022_11_28
from githubkit.versions.v2026_03_10 import models as v2026_03_10
from responses import RequestsMock, matchers
from support import alerts, hostile
from support.github_stand_in import LOGIN, REPOSITORY, TOKEN, Fault, GitHubStandIn

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import IssueRef
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.github.reading import PER_PAGE
from booty.observability.issues.draft import Draft
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.issues.page.body import render

API = "https://api.github.com"
ISSUES = f"{API}/repos/{REPOSITORY}/issues"
LONG_AGO = 1_000_000_000.0

Json = dict[str, Any]


def tracker(api_url: str = API) -> GitHubIssues:
    return GitHubIssues(GitHub(api_url=api_url, token=TOKEN, version="2022-11-28"), repository=REPOSITORY)


def draft(**changes: object) -> Draft:
    return render(alerts.alert(**changes), trigger_label="agent:builder")


def issue(of: Draft, number: int = 7, **changes: object) -> Json:
    """Return an issue as GitHub shows it; `changes` replace its fields."""
    plain: Json = {
        "number": number,
        "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
        "body": of.body,
        "user": {"login": LOGIN},
        "labels": [{"name": name} for name in of.labels],
        "created_at": "2026-11-23T09:50:00Z",
    }
    return plain | changes


@pytest.fixture
def answers() -> Iterator[RequestsMock]:
    with RequestsMock() as mock:
        yield mock


@pytest.fixture
def real() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as stand_in:
        yield stand_in


def test_creates_an_issue_with_title_body_and_labels_in_one_post(answers: RequestsMock) -> None:
    one = draft()
    sent = matchers.json_params_matcher({"title": one.title, "body": one.body, "labels": list(one.labels)})
    answers.post(ISSUES, status=201, json=issue(one), match=[sent])

    assert tracker().create(one) == IssueRef(7, f"https://github.com/{REPOSITORY}/issues/7")


EVERY_KIND: Mapping[str, Alert] = {
    "python": alerts.python_chained(),
    "message": alerts.message_only(),
    "javascript": alerts.javascript(),
    "native": alerts.native(),
    "metric": alerts.metric(),
    "huge": alerts.huge(),
    "hostile": alerts.hostile(hostile.TEXTS),
}


@pytest.mark.parametrize("kind", EVERY_KIND)
@pytest.mark.parametrize(
    "request_model", [v2022_11_28.ReposOwnerRepoIssuesPostBody, v2026_03_10.ReposOwnerRepoIssuesPostBody]
)
def test_what_is_sent_fits_githubs_description_and_its_limits(
    answers: RequestsMock,
    kind: str,
    request_model: type[v2022_11_28.ReposOwnerRepoIssuesPostBody | v2026_03_10.ReposOwnerRepoIssuesPostBody],
) -> None:
    one = render(EVERY_KIND[kind], trigger_label="agent:builder")
    answers.post(ISSUES, status=201, json=issue(one))

    tracker().create(one)

    body = answers.calls[0].request.body
    assert body is not None
    sent = json.loads(body)
    request_model.model_validate(sent)
    assert set(sent) <= set(request_model.model_fields)
    assert 0 < len(sent["title"]) <= 256
    assert 0 < len(sent["body"]) <= 65_536
    assert all(0 < len(label) <= 50 for label in sent["labels"])


@pytest.mark.parametrize("status", [200, 202, 206])
def test_only_a_201_counts_as_created(answers: RequestsMock, status: int) -> None:
    answers.post(ISSUES, status=status, json=issue(draft()))

    with pytest.raises(Unknown, match=f"GitHub answered {status} where 201 was expected"):
        tracker().create(draft())


NO_ISSUE = [b"", b"<html>", b"null", b"[]", b"{}", b'{"number": null}', b'{"number": 0}', b"[" * 100_000, b"\xff"]


@pytest.mark.parametrize("body", NO_ISSUE, ids=range(len(NO_ISSUE)))
def test_a_201_without_a_number_leaves_the_post_unknown(answers: RequestsMock, body: bytes) -> None:
    answers.post(ISSUES, status=201, body=body)

    with pytest.raises(Unknown, match="makes no sense"):
        tracker().create(draft())


def test_an_answer_with_a_number_and_nothing_else_is_an_issue(answers: RequestsMock) -> None:
    answers.post(ISSUES, status=201, json={"number": 7})

    assert tracker().create(draft()) == IssueRef(7, "")


def test_an_address_that_could_forge_a_log_line_is_left_out(answers: RequestsMock) -> None:
    answers.post(ISSUES, status=201, json=issue(draft(), html_url="https://x/\n\x1b[31m"))

    assert tracker().create(draft()).url == ""


def test_dropped_labels_are_logged_with_the_permission_that_lacks(
    answers: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "issues=write"}
    answers.post(ISSUES, status=201, headers=headers, json=issue(draft(), labels=["Severity:Error"]))

    tracker().create(draft())

    (record,) = caplog.records
    assert (record.getMessage(), record.levelno) == ("labels_dropped", logging.ERROR)
    assert record.__dict__["labels"] == ["agent:builder"]
    assert record.__dict__["permission"] == "issues=write"


def test_labels_that_are_all_there_are_not_logged(answers: RequestsMock, caplog: pytest.LogCaptureFixture) -> None:
    answers.post(ISSUES, status=201, json=issue(draft()))

    tracker().create(draft())

    assert caplog.records == []


def test_finds_its_issue_though_its_labels_were_dropped() -> None:
    with GitHubStandIn(drops_labels=True) as real:
        filing = tracker(real.api_url).create(draft())

        assert tracker(real.api_url).find(draft(), since=LONG_AGO) == filing


def test_finds_its_issue_at_the_repositorys_new_address() -> None:
    with GitHubStandIn(moved_to="/repositories/42") as real:
        filing = tracker(real.api_url).create(draft())

        assert tracker(real.api_url).find(draft(), since=LONG_AGO) == filing


def test_finds_its_issue_on_a_later_page(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    filing = of.create(draft())
    for number in range(2 * PER_PAGE):
        of.create(draft(event=f"{number:032}"))

    assert of.find(draft(), since=LONG_AGO) == filing


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


@pytest.mark.parametrize("status", [404, 410])
def test_a_repository_that_is_not_there_is_a_refusal_of_everything(answers: RequestsMock, status: int) -> None:
    answers.post(ISSUES, status=status, json={"message": "Not Found"})
    answers.get("https://api.github.com/repos/acme/shop", status=status, json={"message": "Not Found"})

    for call in (lambda: tracker().create(draft()), tracker().check):
        with pytest.raises(Refused) as caught:
            call()
        assert "TARGET_REPO_URL" in (caught.value.remedy or "")


def test_a_dead_token_is_told_instead_of_being_taken_for_an_apps(real: GitHubStandIn) -> None:
    real.fail(Fault(401, {}, b'{"message": "Bad credentials"}'), method="GET", times=1)
    of = tracker(real.api_url)

    with pytest.raises(Refused) as caught:
        of.find(draft(), since=0)
    assert caught.value.remedy is not None
    assert of.find(draft(), since=0) is None
    assert [call.path for call in real.calls].count("/user") == 2
