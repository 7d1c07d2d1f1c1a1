"""The whole workflow under act with two targets: production gets only what was healthy on staging."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.act_log import Run
from support.workflow.ready import merged, reviews
from support.workflow.stand_in import StandIn
from support.workflow.throwaway import Project

SINCE = "2026-11-24T06:00:00.500+00:00"
STAGED = {"test": "success", "staging/plan": "success", "staging/deploy": "success"}
ROLLED_BACK = {"plan": "success", "deploy": "success", "record": "success"}
PRODUCED = ROLLED_BACK | {"tag": "success"}


@pytest.fixture
def staging(ready: Project) -> Iterator[Project]:
    """Set up staging, whose Environment asks nobody and which serves the first commit."""
    ready.outside.teach("GET environments/staging", bodies.environment())
    with StandIn() as outside:
        staging = ready.at(outside)
        staging.serves(ready.git("rev-parse", "HEAD"))
        yield staging


def staged(staging: Project, subject: str = "Fix the parser") -> str:
    """Merge one more commit, which serves on either target once it is deployed there; its SHA."""
    sha = merged(staging, subject)
    (staging.record.parent / "then-serves").write_text(sha)
    logged = [
        {"event": "alert_accepted", "fingerprint": f"2:{minute}", "timestamp": f"2026-11-24T06:0{minute}:00Z"}
        for minute in range(3)
    ]
    lines = [
        json.dumps({"current": sha, "healthy": True, "since": SINCE}),
        *(f"2026-11-24T06:00:00+00:00 box booty[7]: {json.dumps(event)}" for event in logged),
    ]
    staging.deploy_ends(0, says="".join(f"{line}\n" for line in lines))
    return sha


def run(project: Project, staging: Project, event: str = "push", *, release: str | None = None) -> Run:
    """Run the workflow with both targets."""
    variables = {"STAGING_SERVER_NAME": staging.outside.address, "STAGING_HEALTH_SCHEME": "http"}
    return project.run(event, release=release, variables=variables)


def test_a_push_goes_to_staging_at_once_and_from_there_with_an_approval_to_production(
    ready: Project, staging: Project
) -> None:
    sha = staged(staging)

    ended = run(ready, staging)

    assert (ended.exit_code, ended.jobs) == (0, STAGED | PRODUCED)
    assert staging.calls()[0] == f"deploy {sha}"
    assert ready.calls() == [f"deploy {sha}"]
    assert f"✅ `{sha[:12]}` runs in staging" in ended.summaries["staging/deploy"]
    assert "Approved by" not in ended.summaries["staging/deploy"]
    told = "healthy, since 2026-11-24 06:00 UTC; 2 alerts had come from there when this was written"
    assert f"**On staging:** {told}" in ended.summaries["plan"]
    assert "- **2 alerts came from staging** since it runs there." in ended.summaries["plan"]
    assert f"✅ `{sha[:12]}` runs in production" in ended.summaries["deploy"]
    assert "Approved by `mary`" in ended.summaries["deploy"]
    assert len(ready.outside.called("POST", "/releases")) == 1


@pytest.mark.parametrize("exit_code", [0, 1])
def test_what_staging_did_not_serve_is_not_offered_to_production(
    ready: Project, staging: Project, exit_code: int
) -> None:
    sha = staged(staging)
    (staging.record / "then-serves").unlink()  # whatever deploy.sh says, the public address shows the old one
    staging.deploy_ends(exit_code)

    ended = ready.run(
        variables={
            "STAGING_SERVER_NAME": staging.outside.address,
            "STAGING_HEALTH_SCHEME": "http",
            "HEALTH_PATIENCE_SECONDS": "1",
        }
    )

    assert (ended.exit_code, ended.jobs) == (1, STAGED | {"staging/deploy": "failure"})
    assert staging.calls() == [f"deploy {sha}"]
    assert ready.calls() == []


def test_staging_that_asks_for_an_approval_waits_for_its_own(ready: Project, staging: Project) -> None:
    ready.outside.teach("GET environments/staging", bodies.environment("anne"))
    sha = staged(staging)

    ended = run(ready, staging)

    assert ended.jobs == STAGED | {"staging/deploy": "failure"}
    assert "This run was not approved for `staging`" in ended.summaries["staging/deploy"]
    assert (staging.calls(), ready.calls()) == ([], [])

    reviews(ready, bodies.review("mary"), bodies.review("anne", name="staging"))
    ended = run(ready, staging)

    assert ended.jobs == STAGED | PRODUCED
    assert "Approved by `anne`" in ended.summaries["staging/deploy"]
    assert ready.calls() == [f"deploy {sha}"]


def test_the_way_back_does_not_hang_on_staging(ready: Project, staging: Project) -> None:
    old = ready.git("rev-parse", "HEAD")
    ready.serves(merged(ready, "Break the parser"), then=old)
    staging.deploy_ends(255)

    ended = run(ready, staging, "workflow_dispatch", release="previous")

    assert (ended.exit_code, ended.jobs) == (0, ROLLED_BACK)
    assert (staging.calls(), ready.calls()) == ([], ["rollback"])


def test_staging_goes_back_first_to_an_older_release_that_is_asked_for_by_hand(
    ready: Project, staging: Project
) -> None:
    old = ready.git("rev-parse", "HEAD")
    broken = merged(ready, "Break the parser")
    for target in (staging, ready):
        target.serves(broken, then=old)

    ended = run(ready, staging, "workflow_dispatch", release=old)

    assert (ended.exit_code, ended.jobs) == (0, STAGED | ROLLED_BACK)
    assert staging.calls()[0] == f"rollback {old}"
    assert ready.calls() == [f"rollback {old}"]
    assert "On staging" not in ended.summaries["plan"]
