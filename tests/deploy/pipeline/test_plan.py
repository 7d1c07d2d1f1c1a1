"""The plan: the gate, the tag, what else is waiting, and the page with its outputs."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.ready import merged
from support.workflow.stand_in import StandIn
from support.workflow.steps import Step
from support.workflow.throwaway import Project

from deploy.pipeline import plan
from deploy.pipeline.github.actions import Refused
from deploy.pipeline.plan import check_gate, tag_release, waiting_runs
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.risks import Waiting
from deploy.pipeline.target import PRODUCTION


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_gate_that_cannot_be_seen_is_no_gate(outside: StandIn, status: int) -> None:
    outside.teach("GET environments/production", {"message": "no"}, status=status)

    with pytest.raises(Refused, match=f"could not be checked .`GitHub answered {status}: no"):
        check_gate(outside.github, target=PRODUCTION)


@pytest.mark.parametrize(
    "body", [[], "production", {"protection_rules": 7}, {"protection_rules": ["required_reviewers"]}]
)
def test_a_gate_that_is_not_understood_is_no_gate(outside: StandIn, body: object) -> None:
    outside.teach("GET environments/production", body)

    with pytest.raises(Refused, match="could not be checked"):
        check_gate(outside.github, target=PRODUCTION)


def test_tells_a_release_that_is_skipped_from_another_that_waits(project: Project) -> None:
    first, second = project.commit("One"), project.commit("Two")
    later = [bodies.waiting_run(42, second, event="workflow_dispatch"), bodies.waiting_run(43, "9" * 40)]
    runs = bodies.waiting_runs(bodies.waiting_run(41, first), *later)
    project.outside.teach("GET actions/workflows/deploy.yml/runs", runs)

    found = waiting_runs(project.outside.github, own=9043, sha=second, clone=Clone(project.folder))

    assert found == (
        Waiting(number=41, url=f"{bodies.WEB}/actions/runs/9041", sha=first, included=True),
        Waiting(number=42, url=f"{bodies.WEB}/actions/runs/9042", sha=second, included=False),
    )


@pytest.mark.parametrize("body", [{}, {"workflow_runs": None}, {"workflow_runs": [{}]}, "no"])
def test_goes_on_without_the_list_of_runs_that_wait(project: Project, body: object) -> None:
    project.outside.teach("GET actions/workflows/deploy.yml/runs", body)

    assert waiting_runs(project.outside.github, own=1, sha="1" * 40, clone=Clone(project.folder)) == ()


@pytest.mark.parametrize("answer", bodies.BROKEN.values(), ids=bodies.BROKEN)
def test_an_answer_that_cannot_be_read_closes_the_gate_and_blocks_nothing_else(project: Project, answer: bytes) -> None:
    for request in ("GET environments/production", "GET actions/workflows/deploy.yml/runs", "POST git/refs"):
        project.outside.teach(request, answer)
    reached = project.outside.github

    with pytest.raises(Refused, match="could not be checked"):
        check_gate(reached, target=PRODUCTION)
    assert waiting_runs(reached, own=1, sha="1" * 40, clone=Clone(project.folder)) == ()
    assert "was not tagged (`GitHub" in tag_release(reached, "1" * 40)


def test_a_tag_that_is_there_is_no_news(outside: StandIn) -> None:
    outside.teach("POST git/refs", {"message": "Reference already exists"}, status=422)

    assert tag_release(outside.github, "1" * 40) == ""


def test_puts_a_push_up_for_approval(step: Step) -> None:
    served, sha = step.project.git("rev-parse", "HEAD"), merged(step.project)

    assert plan.main(step.environment, PRODUCTION) == 0
    assert f"## Deploy `{sha[:12]}` to production" in step.summary
    assert step.outputs == {"verb": "deploy", "sha": sha, "served": served}
    assert [call.body["ref"] for call in step.project.outside.called("POST", "/git/refs")] == [f"refs/tags/booty@{sha}"]


def test_warns_while_the_deploy_can_be_changed_without_its_owners(step: Step) -> None:
    merged(step.project)
    assert plan.main(step.environment, PRODUCTION) == 0
    assert "### Nothing unusual" in step.summary

    step.project.write("CODEOWNERS", "/deploy/ @anne\n/deploy.sh @anne\n/CODEOWNERS @anne\n")
    step.project.outside.teach("GET rules/branches/main", [])
    step.project.commit("Take the owners of the workflows away")

    assert plan.main(step.environment, PRODUCTION) == 0
    _, _, unusual = step.summary.partition("### ⚠️ Unusual")
    assert "- Nobody owns `.github/*`, `.github/*/*`, `.github/workflows/check.yml`" in unusual
    assert "- No rule of `main` requires a review by code owners" in unusual


def test_puts_a_way_back_up_for_approval_without_a_tag(step: Step) -> None:
    served = step.project.git("rev-parse", "HEAD")
    by_hand = {"GITHUB_EVENT_NAME": "workflow_dispatch", "RELEASE_INPUT": "previous", "CHECK_RESULT": "skipped"}

    assert plan.main(step.environment | by_hand, PRODUCTION) == 0
    assert "## Roll production back to the release before the running one" in step.summary
    assert step.outputs == {"verb": "rollback", "sha": "", "served": served}
    assert step.project.outside.called("POST", "/git/refs") == []


def test_goes_on_where_the_public_address_is_silent_and_the_tag_is_refused(step: Step) -> None:
    (step.project.record / "served").unlink()
    step.project.outside.teach("POST git/refs", {"message": "Resource not accessible"}, status=403)

    assert plan.main(step.environment, PRODUCTION) == 0
    assert "**Runs now:** not known (`http://127.0.0.1:" in step.summary
    assert "It is not known what runs, so this may be older." in step.summary
    assert "The release was not tagged (`GitHub answered 403: Resource not accessible`)" in step.summary
    assert step.outputs["served"] == ""


@pytest.mark.parametrize("sha", ["9" * 40, ""])
def test_puts_nothing_up_for_approval_that_is_not_in_main(step: Step, sha: str) -> None:
    asked = sha or step.project.commit("Try something")
    if not sha:
        step.project.git("reset", "--quiet", "--hard", "HEAD~1")
    by_hand = {"GITHUB_EVENT_NAME": "workflow_dispatch", "RELEASE_INPUT": asked}

    assert plan.main(step.environment | by_hand, PRODUCTION) == 1
    assert f"{asked} is not a commit of main." in step.summary
    assert not (step.project.record / "output").exists()
