"""The tag of a release that is put up for approval."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn
from support.workflow.steps import Step

from deploy.pipeline import tag
from deploy.pipeline.target import PRODUCTION

SHA = "1" * 40
REF = f"GET git/ref/tags/booty@{SHA}"


def names(sha: str, *, kind: str = "commit") -> dict[str, object]:
    return {"ref": f"refs/tags/booty@{SHA}", "object": {"type": kind, "sha": sha}}


def test_tags_the_commit(outside: StandIn) -> None:
    outside.teach("POST git/refs", {"ref": f"refs/tags/booty@{SHA}"}, status=201)

    assert tag.tag(outside.github, SHA) == ""
    assert [call.body for call in outside.called("POST", "/git/refs")] == [
        {"ref": f"refs/tags/booty@{SHA}", "sha": SHA}
    ]


def test_a_tag_that_is_there_is_left_alone(outside: StandIn) -> None:
    outside.teach(REF, names(SHA))

    assert tag.tag(outside.github, SHA) == ""
    assert outside.called("POST", "/git/refs") == []


@pytest.mark.parametrize("there", [names("2" * 40), names(SHA, kind="tag"), names("`x`\n::error::y", kind="blob")])
def test_a_tag_that_names_something_else_stops_the_deploy(step: Step, there: object) -> None:
    step.project.outside.teach(REF, there)

    assert tag.main(step.environment | {"RELEASE_SHA": SHA}, PRODUCTION) == 1
    assert f"The tag `booty@{SHA}` exists and names something else: " in step.summary
    assert f"git push origin :refs/tags/booty@{SHA}" in step.summary
    assert step.project.outside.called("POST", "/git/refs") == []


@pytest.mark.parametrize("answer", [*bodies.BROKEN.values(), {}, [], {"object": None}, {"message": "no"}])
def test_an_answer_that_cannot_be_read_stops_nothing(step: Step, answer: object) -> None:
    step.project.outside.teach(REF, answer)

    assert tag.main(step.environment | {"RELEASE_SHA": SHA}, PRODUCTION) == 0
    assert "The release was not tagged (" in step.summary


@pytest.mark.parametrize("sha", ["", "main", SHA + "\n"])
def test_tags_nothing_but_a_commit(step: Step, sha: str) -> None:
    assert tag.main(step.environment | {"RELEASE_SHA": sha}, PRODUCTION) == 1
    assert step.project.outside.calls == []
