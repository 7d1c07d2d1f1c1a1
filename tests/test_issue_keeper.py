"""The keeper at GitHub: how its calls are spaced."""

from __future__ import annotations

import responses

from booty.observability.github import GitHub
from booty.observability.issue_keeper import GitHubKeeper
from booty.observability.life import Edit

ISSUE = "https://api.github.com/repos/acme/shop/issues/7"
GITHUB = GitHub(api_url="https://api.github.com", token="t", version="2022-11-28")


@responses.activate
def test_a_second_passes_between_a_comment_and_the_edit_after_it() -> None:
    responses.post(f"{ISSUE}/comments", status=201, json={"id": 1})
    responses.patch(ISSUE, json={"number": 7})
    moments: list[float | str | None] = []
    keeper = GitHubKeeper(
        GITHUB,
        repository="acme/shop",
        pause=lambda seconds: moments.extend([*(call.request.method for call in responses.calls), seconds]),
    )

    keeper.comment(7, "It came back.")
    keeper.edit(7, Edit(state="open"))

    assert moments == ["POST", 1.0]
    assert [call.request.method for call in responses.calls] == ["POST", "PATCH"]
