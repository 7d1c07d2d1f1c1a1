"""GitHub's API: where the token goes."""

from __future__ import annotations

import pytest
from support.workflow.stand_in import StandIn

from deploy.pipeline.github.rest import GitHubAnswer


def test_follows_no_redirect_with_the_token(outside: StandIn) -> None:
    outside.teach("GET environments/production", {"message": "Moved"}, status=301)

    with pytest.raises(GitHubAnswer, match="GitHub answered 301: Moved"):
        outside.github.get("environments/production")


def test_never_shows_the_token(outside: StandIn) -> None:
    assert "token'" not in repr(outside.github)


def test_an_answer_with_another_status_is_an_error(outside: StandIn) -> None:
    outside.teach("POST releases", {}, status=202)

    with pytest.raises(GitHubAnswer, match="GitHub answered 202: expected 201"):
        outside.github.post("releases", {})
