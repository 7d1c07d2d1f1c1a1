"""What staging says: a release goes on from there only after it was healthy there."""

from __future__ import annotations

import json

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.ready import merged
from support.workflow.stand_in import StandIn
from support.workflow.steps import Step

from deploy.pipeline import plan
from deploy.pipeline.github.actions import Refused
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.staged import Staged, prove_staged
from deploy.pipeline.target import PRODUCTION

SINCE = "2026-11-24T06:00:00.500+00:00"


def environment(outside: StandIn, **outputs: str) -> dict[str, str]:
    """Return what deploy.yml hands on of the deploy to staging."""
    return {"STAGING": outside.url, "STAGED": json.dumps(outputs)}


def test_a_release_that_is_healthy_there_goes_on(step: Step) -> None:
    sha, outside = step.project.git("rev-parse", "HEAD"), step.project.outside
    told = environment(outside, sha=sha, since=SINCE, alerts="2")

    found = prove_staged(told, sha=sha, clone=Clone(step.project.folder))

    assert found == Staged(since=SINCE, alerts=2, replaced_by=None)


@pytest.mark.parametrize(
    ("since", "alerts"),
    [("", ""), ("soon", "-1"), (f"{SINCE}`](http://evil)", "٣"), ("2026-11-24T06:00\n# x", "9" * 99)],
)
def test_what_is_not_known_of_it_is_none(step: Step, since: str, alerts: str) -> None:
    sha, outside = step.project.git("rev-parse", "HEAD"), step.project.outside
    told = environment(outside, sha=sha, since=since, alerts=alerts)

    assert prove_staged(told, sha=sha, clone=Clone(step.project.folder)) == Staged(None, None, None)


def test_a_newer_commit_may_have_taken_its_place_there(step: Step) -> None:
    sha, newer = step.project.git("rev-parse", "HEAD"), step.project.commit("Newer")
    step.project.serves(newer)

    found = prove_staged(environment(step.project.outside, sha=sha), sha=sha, clone=Clone(step.project.folder))

    assert found == Staged(None, None, newer)


@pytest.mark.parametrize("serves", ["older", "unknown", "nothing"])
def test_a_release_that_staging_lost_again_does_not_go_on(step: Step, serves: str) -> None:
    old, sha = step.project.git("rev-parse", "HEAD"), step.project.commit("Fix the parser")
    step.project.serves({"older": old, "unknown": "9" * 40, "nothing": ""}[serves])

    told, clone = environment(step.project.outside, sha=sha), Clone(step.project.folder)

    with pytest.raises(Refused, match="is not healthy there now"):
        prove_staged(told, sha=sha, clone=clone, patience_seconds=0.0)


@pytest.mark.parametrize("staged", ["", "null", "[]", "{}", '{"sha": ""}', '{"sha": null}', f'{{"sha": "{"1" * 40}"}}'])
def test_what_this_run_did_not_see_there_does_not_go_on(step: Step, staged: str) -> None:
    merged(step.project)

    assert plan.main(step.environment | {"STAGING": "https://staging.example", "STAGED": staged}, PRODUCTION) == 1
    assert "was not seen healthy on `staging` in this run" in step.summary
    assert not (step.project.record / "output").exists()
    assert step.project.outside.called("POST", "/git/refs") == []


@pytest.mark.parametrize("release", ["previous", "older"])
def test_a_way_back_does_not_hang_on_staging(step: Step, release: str) -> None:
    old = step.project.git("rev-parse", "HEAD")
    step.project.serves(step.project.commit("Break the parser"))
    asked = {"GITHUB_EVENT_NAME": "workflow_dispatch", "RELEASE_INPUT": old if release == "older" else release}

    assert plan.main(step.environment | asked | {"STAGING": "https://staging.example", "STAGED": "{}"}, PRODUCTION) == 0
    assert step.outputs["verb"] == "rollback"
    assert "On staging" not in step.summary


def test_without_staging_nothing_is_asked(step: Step) -> None:
    merged(step.project)

    assert plan.main(step.environment | {"STAGING": "", "STAGED": "{}"}, PRODUCTION) == 0
    assert "On staging" not in step.summary
    assert len(step.project.outside.called("GET", "/health")) == 1
    assert bodies.REPOSITORY in step.project.outside.calls[0].path
