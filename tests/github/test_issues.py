"""The tracker at GitHub: what it sends to create an issue, how it reads, changes, comments."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import responses
from githubkit.versions.v2022_11_28 import models as v2022_11_28
from githubkit.versions.v2026_03_10 import models as v2026_03_10
from responses import RequestsMock, matchers
from support import alerts, hostile
from support.github_issues import API, ISSUES, draft, issue, tracker
from support.github_stand_in import REPOSITORY

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import IssueRef
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Absent, Busy, Refused, Unknown
from booty.observability.issues.page.body import render

REPOSITORY_URL = f"{API}/repos/acme/shop"
ISSUE = f"{ISSUES}/7"
GITHUB = GitHub(api_url=API, token="t", version="2022-11-28")


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


@pytest.mark.parametrize(
    "address",
    [
        "https://x/\n\x1b[31m",
        "https://x/issues/7\n",
        "javascript:alert(1)//https://github.com/acme/shop/issues/7",
        "https://token:x@github.com/acme/shop/issues/7",
        "https://github.com/acme/shop/issues/7) [click](https://evil.example",
        "https://github.com/acme/shop/issues/7\u202e",
        "//evil.example/issues/7",
    ],
)
def test_what_is_no_address_of_an_issue_is_left_out(answers: RequestsMock, address: str) -> None:
    answers.post(ISSUES, status=201, json=issue(draft(), html_url=address))

    assert tracker().create(draft()).url == ""


@responses.activate
def test_a_second_passes_between_a_comment_and_the_edit_after_it() -> None:
    responses.post(f"{ISSUE}/comments", status=201, json={"id": 1})
    responses.patch(ISSUE, json={"number": 7})
    moments: list[float | str | None] = []
    tracker = GitHubIssues(
        GITHUB,
        repository="acme/shop",
        pause=lambda seconds: moments.extend([*(call.request.method for call in responses.calls), seconds]),
    )

    tracker.comment(7, "It came back.")
    tracker.rest()
    tracker.edit(7, Edit(state="open"))

    assert moments == ["POST", 1.0]
    assert [call.request.method for call in responses.calls] == ["POST", "PATCH"]


@responses.activate
def test_labels_are_changed_one_by_one_never_as_a_whole() -> None:
    responses.delete(f"{ISSUE}/labels/agent%3Abuilder%2F%C3%A4", json=[])
    responses.post(f"{ISSUE}/labels", json=[], match=[responses.matchers.json_params_matcher({"labels": ["a", "b"]})])
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    tracker.unlabel(7, "agent:builder/ä")
    tracker.label(7, ("a", "b"))


@responses.activate
def test_a_label_that_is_not_there_is_taken_off_already() -> None:
    responses.delete(f"{ISSUE}/labels/a", status=404, json={"message": "Label does not exist"})
    responses.delete(f"{ISSUE}/labels/b", status=404, json={"message": "Not Found"})
    responses.get(REPOSITORY_URL, json={})
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    tracker.unlabel(7, "a")
    with pytest.raises(Absent):
        tracker.unlabel(7, "b")


@responses.activate
@pytest.mark.parametrize(
    ("status", "message", "absence"),
    [(410, "This issue was deleted", "deleted"), (404, "Not Found", "missing"), (410, "Gone", "missing")],
)
def test_a_deleted_issue_is_told_from_one_that_may_come_back(status: int, message: str, absence: str) -> None:
    responses.get(ISSUE, status=status, json={"message": message})
    responses.get(REPOSITORY_URL, json={"full_name": "acme/shop"})

    assert GitHubIssues(GITHUB, repository="acme/shop").read(7) == absence


@responses.activate
@pytest.mark.parametrize("message", ["Issues are disabled for this repo", "API version is no longer supported"])
def test_another_410_speaks_of_all_issues(message: str) -> None:
    responses.get(ISSUE, status=410, json={"message": message})

    with pytest.raises(Refused) as caught:
        GitHubIssues(GITHUB, repository="acme/shop").read(7)
    assert caught.value.remedy is not None


@responses.activate
def test_a_refused_body_costs_neither_state_nor_title() -> None:
    refusal = {"message": "Validation Failed", "errors": [{"field": "body", "message": "body is too long"}]}
    state = {"state": "closed", "state_reason": "completed"}
    match = responses.matchers.json_params_matcher
    responses.patch(ISSUE, status=422, json=refusal, match=[match({"body": "b", **state})])
    responses.patch(ISSUE, status=422, json=refusal, match=[match({"body": "b"})])
    without = responses.patch(ISSUE, json={"number": 7}, match=[match(state)])
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    tracker.edit(7, Edit(body="b", state="completed"))
    tracker.edit(7, Edit(body="b"))

    assert without.call_count == 1


@responses.activate
def test_an_edit_that_meets_another_one_leaves_nothing_out() -> None:
    edited = responses.patch(ISSUE, status=409, json={"message": "Conflict"})

    with pytest.raises(Busy):
        GitHubIssues(GITHUB, repository="acme/shop").edit(7, Edit(body="text", state="open"))

    assert edited.call_count == 1
