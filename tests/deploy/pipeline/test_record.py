"""The GitHub release: made, there already, or a warning."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn

from deploy.pipeline.github_rest import GitHub
from deploy.pipeline.record import record
from deploy.pipeline.target import PRODUCTION


def test_a_release_that_exists_is_no_problem(outside: StandIn) -> None:
    outside.teach("POST releases", bodies.validation_failed("Release", "tag_name"), status=422)

    told = record(GitHub(outside.url, bodies.REPOSITORY, "token"), "1" * 40, target=PRODUCTION)

    assert told == ("notice", f"GitHub already has the release booty@{'1' * 40}: it was deployed before.")


@pytest.mark.parametrize("answer", bodies.BROKEN.values(), ids=bodies.BROKEN)
def test_a_release_whose_answer_cannot_be_read_is_a_warning(outside: StandIn, answer: bytes) -> None:
    outside.teach("POST releases", answer)

    level, words = record(GitHub(outside.url, bodies.REPOSITORY, "token"), "1" * 40, target=PRODUCTION)

    assert level == "warning"
    assert f"gh release create booty@{'1' * 40}" in words


def test_a_release_that_was_made_needs_no_address(outside: StandIn) -> None:
    outside.teach("POST releases", [], status=201)

    told = record(GitHub(outside.url, bodies.REPOSITORY, "token"), "1" * 40, target=PRODUCTION)

    assert told == ("notice", f"GitHub release: booty@{'1' * 40}")
