"""The target: another one is a parameter, and every program names that one, never `production`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.plans import OLD, PLAN, changes
from support.workflow.ready import merged, reviews
from support.workflow.steps import Step

from deploy.pipeline import approval, plan, record, sentry_release, ship
from deploy.pipeline.planning.approval_page import render
from deploy.pipeline.target import Target

STAGING = Target("staging")
PIPELINE = Path(__file__).resolve().parents[3] / "deploy" / "pipeline"


@pytest.fixture
def step(step: Step) -> Step:
    """Return the step in a project whose one Environment is `staging`."""
    ready = step.project
    ready.outside.teach("GET environments/production", {"message": "Not Found"}, status=404)
    ready.outside.teach(
        "GET environments/staging", bodies.environment("anne", prevent_self_review=True, branches=False)
    )
    reviews(ready, bodies.review("mary", name="staging"))
    return step


def test_every_program_works_for_the_target_that_is_named(step: Step, capsys: pytest.CaptureFixture[str]) -> None:
    sha, outside = merged(step.project), step.project.outside
    outside.teach("POST /api/0/organizations/sea/releases/", {}, status=201)
    outside.teach(f"POST /api/0/organizations/sea/releases/booty%40{sha}/deploys/", {}, status=201)

    assert plan.main(step.environment, STAGING) == 0
    planned = {"VERB": "deploy", "RELEASE_SHA": sha, "BEFORE_SHA": step.outputs["served"]}
    for program in (approval, ship, sentry_release, record):
        assert program.main(step.environment | planned, STAGING) == 0

    told = step.summary + capsys.readouterr().out
    assert f"## Deploy `{sha[:12]}` to staging" in told
    assert "Nobody can approve this run: `anne` started it and is the only required reviewer of `staging`" in told
    assert "Every branch may ask for a deploy to `staging`, and for its key." in told
    assert "Approved for staging by mary" in told
    assert f"## ✅ `{sha[:12]}` runs in staging" in told
    assert outside.called("POST", "/deploys/")[0].body["environment"] == "staging"
    assert "production" not in told


def test_an_approval_of_another_target_is_none(step: Step) -> None:
    reviews(step.project, bodies.review("mary", name="production"))

    assert approval.main(step.environment, STAGING) == 1
    assert "This run was not approved for `staging`" in step.summary
    assert "Check Settings > Environments > staging," in step.summary
    assert "production" not in step.summary


def test_the_page_of_a_rollback_names_the_target() -> None:
    going_back = changes(added=0, removed=2)
    page = render(replace(PLAN, target=STAGING, verb="rollback", sha=OLD, changes=going_back, checked=False))

    assert f"## Roll staging back to `{OLD[:12]}`" in page
    assert "a rollback goes to a release that already ran in staging" in page
    assert "It is **older** than what runs: staging loses 2 commits." in page
    assert "production" not in page


def test_the_commands_for_missing_settings_name_the_target(step: Step) -> None:
    asked = {"VERB": "rollback", "RELEASE_SHA": "", "DEPLOY_HOST": "", "DEPLOY_SSH_KEY": "", "DEPLOY_KNOWN_HOSTS": ""}

    assert ship.main(step.environment | asked, STAGING) == 1
    assert "gh secret set DEPLOY_SSH_KEY --env staging < KEYFILE" in step.summary
    assert "gh variable set DEPLOY_HOST --env staging --body HOST" in step.summary
    assert "production" not in step.summary


@pytest.mark.parametrize(("exit_code", "words"), [(2, "staging may be down"), (64, "of the Environment `staging`")])
def test_a_failed_deploy_names_the_target(step: Step, exit_code: int, words: str) -> None:
    step.project.deploy_ends(exit_code)
    asked = {"VERB": "rollback", "RELEASE_SHA": ""}

    assert ship.main(step.environment | asked, STAGING) == exit_code
    assert words in step.summary
    assert "`./deploy.sh " not in step.summary.replace("`./deploy.sh --target staging ", "")
    assert "production" not in step.summary


@pytest.mark.parametrize(
    ("environment", "status", "words"),
    [
        ({"message": "Not Found"}, 404, "The Environment `staging` does not exist"),
        ({"message": "Forbidden"}, 403, "The Environment `staging` could not be checked"),
    ],
)
def test_an_open_gate_names_the_target(step: Step, environment: object, status: int, words: str) -> None:
    step.project.outside.teach("GET environments/staging", environment, status=status)

    assert plan.main(step.environment, STAGING) == 1
    assert words in step.summary
    assert "production" not in step.summary


@pytest.mark.parametrize("name", ["production", "canary"])
def test_an_open_gate_is_open_for_staging_alone(step: Step, name: str) -> None:
    for target in (name, "staging"):
        step.project.outside.teach(f"GET environments/{target}", bodies.environment())

    assert plan.main(step.environment, Target(name)) == 1
    assert f"The Environment `{name}` has no required reviewer" in step.summary
    assert plan.main(step.environment, STAGING) == 0
    assert "**Who can approve:** nobody has to" in step.summary


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "a`b", "a\n", "x" * 101, "ä"])
def test_refuses_a_name_that_could_not_be_shown_or_copied(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of an Environment"):
        Target(name)


def test_one_file_alone_knows_the_default() -> None:
    assert [path.name for path in PIPELINE.rglob("*.py") if "production" in path.read_text()] == ["target.py"]
