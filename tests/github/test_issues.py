"""The tracker at GitHub: how existing issues are read, changed, and commented on."""

from __future__ import annotations

from functools import partial

import pytest
import responses

from booty.observability.alerts.issue import Issue
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Absent, Refused

REPOSITORY = "https://api.github.com/repos/acme/shop"
ISSUE = "https://api.github.com/repos/acme/shop/issues/7"
GITHUB = GitHub(api_url="https://api.github.com", token="t", version="2022-11-28")


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
    responses.get(REPOSITORY, json={})
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    tracker.unlabel(7, "a")
    with pytest.raises(Absent):
        tracker.unlabel(7, "b")


@responses.activate
@pytest.mark.parametrize("status", [404, 200])
def test_what_is_not_there_for_a_write_may_pass_unless_the_repository_is_gone(status: int) -> None:
    responses.post(f"{ISSUE}/comments", status=404, json={"message": "Not Found"})
    responses.patch(ISSUE, status=404, json={"message": "Not Found"})
    responses.get(REPOSITORY, status=status, json={"message": "Not Found"})
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    edit = Edit(body="b", title="t")
    for write in (partial(tracker.comment, 7, "text"), partial(tracker.edit, 7, edit)):
        with pytest.raises(Refused) as caught:
            write()
        assert isinstance(caught.value, Absent) is (status == 200)
        assert caught.value.remedy is not None


@responses.activate
def test_an_issue_is_read_with_who_closed_it_and_whether_it_is_locked() -> None:
    closed = {"number": 7, "title": "t", "state": "closed", "state_reason": "not_planned", "locked": True}
    accounts = [{"login": "stale", "type": "Bot"}, {"login": "stale[bot]"}, {"login": "ana", "type": "User"}, None]
    for account in accounts:
        responses.get(ISSUE, json=closed | {"closed_by": account})
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    issues = [issue for issue in (tracker.read(7) for _ in accounts) if isinstance(issue, Issue)]

    assert [issue.is_closed_by_bot for issue in issues] == [True, True, False, False]
    assert {(issue.title, issue.is_locked, issue.state_reason) for issue in issues} == {("t", True, "not_planned")}


@responses.activate
@pytest.mark.parametrize(
    ("status", "message", "absence"),
    [(410, "This issue was deleted", "deleted"), (404, "Not Found", "missing"), (410, "Gone", "missing")],
)
def test_a_deleted_issue_is_told_from_one_that_may_come_back(status: int, message: str, absence: str) -> None:
    responses.get(ISSUE, status=status, json={"message": message})
    responses.get(REPOSITORY, json={"full_name": "acme/shop"})

    assert GitHubIssues(GITHUB, repository="acme/shop").read(7) == absence


@responses.activate
@pytest.mark.parametrize(
    ("status", "content", "remedy"),
    [
        (404, {"message": "Not Found"}, "TARGET_REPO_URL"),
        (200, {"archived": True}, "unarchive"),
        (200, {"has_issues": False}, "issues on"),
    ],
)
def test_an_issue_is_not_missing_where_its_repository_is(status: int, content: dict[str, object], remedy: str) -> None:
    responses.get(ISSUE, status=404, json={"message": "Not Found"})
    responses.get(REPOSITORY, status=status, json=content)

    with pytest.raises(Refused) as caught:
        GitHubIssues(GITHUB, repository="acme/shop").read(7)
    assert remedy in (caught.value.remedy or "")


@responses.activate
@pytest.mark.parametrize("message", ["Issues are disabled for this repo", "API version is no longer supported"])
def test_another_410_speaks_of_all_issues(message: str) -> None:
    responses.get(ISSUE, status=410, json={"message": message})

    with pytest.raises(Refused) as caught:
        GitHubIssues(GITHUB, repository="acme/shop").read(7)
    assert caught.value.remedy is not None


@responses.activate
def test_a_body_that_github_would_not_take_is_left_out_of_an_edit() -> None:
    sent = responses.patch(ISSUE, json={"number": 7}, match=[responses.matchers.json_params_matcher({"title": "t"})])
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    tracker.edit(7, Edit(body="x" * 65_537, title="t"))
    tracker.edit(7, Edit(body="x" * 65_537))

    assert sent.call_count == 1


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
