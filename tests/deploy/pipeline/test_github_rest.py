"""GitHub's API: where the token goes."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn

from deploy.pipeline.github_rest import GitHub, GitHubAnswer


def github(outside: StandIn) -> GitHub:
    """Return a client of the stand-in."""
    return GitHub(outside.url, bodies.REPOSITORY, "token")


def test_follows_no_redirect_with_the_token(outside: StandIn) -> None:
    outside.teach("GET environments/production", {"message": "Moved"}, status=301)

    with pytest.raises(GitHubAnswer, match="GitHub answered 301: Moved"):
        github(outside).get("environments/production")


def test_never_shows_the_token(outside: StandIn) -> None:
    assert "token'" not in repr(github(outside))
