"""What is not there: one issue, or the repository with all of them."""

from __future__ import annotations

from functools import partial

import pytest
import responses
from responses import RequestsMock
from support.github_issues import API, ISSUES, draft, tracker

from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Absent, Refused

REPOSITORY_URL = f"{API}/repos/acme/shop"
ISSUE = f"{ISSUES}/7"
GITHUB = GitHub(api_url=API, token="t", version="2022-11-28")


@pytest.mark.parametrize("status", [404, 410])
def test_a_repository_that_is_not_there_is_a_refusal_of_everything(answers: RequestsMock, status: int) -> None:
    answers.post(ISSUES, status=status, json={"message": "Not Found"})
    answers.get("https://api.github.com/repos/acme/shop", status=status, json={"message": "Not Found"})

    for call in (lambda: tracker().create(draft()), tracker().check):
        with pytest.raises(Refused) as caught:
            call()
        assert "TARGET_REPO_URL" in (caught.value.remedy or "")


@responses.activate
@pytest.mark.parametrize("status", [404, 200])
def test_what_is_not_there_for_a_write_may_pass_unless_the_repository_is_gone(status: int) -> None:
    responses.post(f"{ISSUE}/comments", status=404, json={"message": "Not Found"})
    responses.patch(ISSUE, status=404, json={"message": "Not Found"})
    responses.get(REPOSITORY_URL, status=status, json={"message": "Not Found"})
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    edit = Edit(body="b", title="t")
    for write in (partial(tracker.comment, 7, "text"), partial(tracker.edit, 7, edit)):
        with pytest.raises(Refused) as caught:
            write()
        assert isinstance(caught.value, Absent) is (status == 200)
        assert caught.value.remedy is not None


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
    responses.get(REPOSITORY_URL, status=status, json=content)

    with pytest.raises(Refused) as caught:
        GitHubIssues(GITHUB, repository="acme/shop").read(7)
    assert remedy in (caught.value.remedy or "")
