"""An edit as GitHub is sent it."""

from __future__ import annotations

import responses
from support.github_issues import API, ISSUES

from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.edit import Edit

ISSUE = f"{ISSUES}/7"
GITHUB = GitHub(api_url=API, token="t", version="2022-11-28")


@responses.activate
def test_a_body_that_github_would_not_take_is_left_out_of_an_edit() -> None:
    sent = responses.patch(ISSUE, json={"number": 7}, match=[responses.matchers.json_params_matcher({"title": "t"})])
    tracker = GitHubIssues(GITHUB, repository="acme/shop")

    tracker.edit(7, Edit(body="x" * 65_537, title="t"))
    tracker.edit(7, Edit(body="x" * 65_537))

    assert sent.call_count == 1
