"""The GitHub release: made, there already, or a warning."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn
from support.workflow.steps import Step

from deploy.pipeline import record as program
from deploy.pipeline.record import record
from deploy.pipeline.target import PRODUCTION


def test_a_release_that_exists_is_no_problem(outside: StandIn) -> None:
    outside.teach("POST releases", bodies.validation_failed("Release", "tag_name"), status=422)

    told = record(outside.github, "1" * 40, target=PRODUCTION)

    assert told == ("notice", f"GitHub already has the release booty@{'1' * 40}: it was deployed before.")


@pytest.mark.parametrize("answer", bodies.BROKEN.values(), ids=bodies.BROKEN)
def test_a_release_whose_answer_cannot_be_read_is_a_warning(outside: StandIn, answer: bytes) -> None:
    outside.teach("POST releases", answer)

    level, words = record(outside.github, "1" * 40, target=PRODUCTION)

    assert level == "warning"
    assert f"gh release create booty@{'1' * 40}" in words


def test_a_release_that_was_made_needs_no_address(outside: StandIn) -> None:
    outside.teach("POST releases", [], status=201)

    told = record(outside.github, "1" * 40, target=PRODUCTION)

    assert told == ("notice", f"GitHub release: booty@{'1' * 40}")


def test_records_the_release_that_is_served(step: Step) -> None:
    sha = step.project.git("rev-parse", "HEAD")

    assert program.main(step.environment | {"RELEASE_SHA": sha}, PRODUCTION) == 0
    assert f"GitHub release: {bodies.WEB}/releases/tag/booty@x" in step.summary
    assert [call.body["tag_name"] for call in step.project.outside.called("POST", "/releases")] == [f"booty@{sha}"]


@pytest.mark.parametrize("sha", ["", "main", "1" * 39])
def test_refuses_what_is_not_a_commit(step: Step, sha: str) -> None:
    assert program.main(step.environment | {"RELEASE_SHA": sha}, PRODUCTION) == 1
    assert "RELEASE_SHA is not a full commit SHA" in step.summary
    assert step.project.outside.calls == []
