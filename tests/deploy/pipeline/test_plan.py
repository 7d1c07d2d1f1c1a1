"""The plan: the gate, what else is waiting, and the page with its outputs."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.ready import deployed, merged
from support.workflow.stand_in import StandIn
from support.workflow.steps import Step
from support.workflow.throwaway import Project

from deploy.pipeline import plan
from deploy.pipeline.github.actions import Refused
from deploy.pipeline.plan import check_gate, waiting_runs
from deploy.pipeline.planning.approval_page import CHECKED
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.risks import Waiting
from deploy.pipeline.target import PRODUCTION

PREVIOUS = {"GITHUB_EVENT_NAME": "workflow_dispatch", "RELEASE_INPUT": "previous", "CHECK_RESULT": "skipped"}


def back_from_the_third(project: Project) -> tuple[str, str, str]:
    """Deploy three commits one after the other; return them, of which the last serves."""
    shas = project.git("rev-parse", "HEAD"), project.commit("Two"), project.commit("Three")
    deployed(project, *reversed(shas))
    project.serves(shas[-1])
    return shas


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
    for request in ("GET environments/production", "GET actions/workflows/deploy.yml/runs"):
        project.outside.teach(request, answer)
    reached = project.outside.github

    with pytest.raises(Refused, match="could not be checked"):
        check_gate(reached, target=PRODUCTION)
    assert waiting_runs(reached, own=1, sha="1" * 40, clone=Clone(project.folder)) == ()


def test_puts_a_push_up_for_approval(step: Step) -> None:
    served, sha = step.project.git("rev-parse", "HEAD"), merged(step.project)

    assert plan.main(step.environment, PRODUCTION) == 0
    assert f"## Deploy `{sha[:12]}` to production" in step.summary
    assert step.outputs == {"verb": "deploy", "sha": sha, "served": served}
    assert [call.method for call in step.project.outside.calls if call.method != "GET"] == []


@pytest.mark.parametrize(("result", "is_checked"), [("success", True), ("skipped", False), ("failure", False)])
def test_says_whether_the_commit_passed_its_checks(step: Step, *, result: str, is_checked: bool) -> None:
    merged(step.project)

    assert plan.main(step.environment | {"CHECK_RESULT": result}, PRODUCTION) == 0
    assert (CHECKED.format(target="production") in step.summary) is is_checked


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


def test_names_the_release_that_previous_goes_back_to_and_what_is_lost(step: Step) -> None:
    _, second, served = back_from_the_third(step.project)

    assert plan.main(step.environment | PREVIOUS, PRODUCTION) == 0
    assert f"## Roll production back to `{second[:12]}`" in step.summary
    assert "It is **older** than what runs: production loses 1 commit." in step.summary
    assert "### Will be rolled back: 1 commit\n\n- [`" in step.summary
    assert step.outputs == {"verb": "rollback", "sha": second, "served": served}


def test_goes_back_from_what_github_lists_last_where_the_public_address_is_silent(step: Step) -> None:
    _, second, _ = back_from_the_third(step.project)
    (step.project.record / "served").unlink()

    assert plan.main(step.environment | PREVIOUS, PRODUCTION) == 0
    assert "**Runs now:** not known (`http://127.0.0.1:" in step.summary
    assert step.outputs == {"verb": "rollback", "sha": second, "served": ""}


@pytest.mark.parametrize("answer", [{"message": "no"}, [], [{"id": 1}], "no", *bodies.BROKEN.values()])
def test_leaves_previous_to_the_droplet_where_the_list_does_not_say_it(step: Step, answer: object) -> None:
    served = step.project.git("rev-parse", "HEAD")
    step.project.outside.teach("GET deployments", answer)

    assert plan.main(step.environment | PREVIOUS, PRODUCTION) == 0
    assert "## Roll production back to the release before the running one" in step.summary
    assert "names no release before the running one, so the droplet chooses" in step.summary
    assert step.outputs == {"verb": "rollback", "sha": "", "served": served}


def test_says_when_github_does_not_list_what_runs(step: Step) -> None:
    served = step.project.commit("Deployed from a laptop")
    step.project.serves(served, then=step.project.commit("Fix the parser"))

    assert plan.main(step.environment, PRODUCTION) == 0
    assert f"GitHub lists no successful deployment of `{served[:12]}`, which runs" in step.summary


def test_does_not_ask_again_what_the_step_before_has_asked(step: Step) -> None:
    served, sha = step.project.git("rev-parse", "HEAD"), merged(step.project)

    assert plan.main(step.environment | {"SERVED": served}, PRODUCTION) == 0
    assert step.outputs == {"verb": "deploy", "sha": sha, "served": served}
    assert step.project.outside.called("GET", "/health") == []


@pytest.mark.parametrize(
    ("are", "words"),
    [
        ("none", "neither the public address nor GitHub names a release"),
        ("unknown", "the release that runs is not a commit of main"),
        ("too old", "do not understand this workflow"),
        ("", "the workflow does not say whose they are"),
        ("<b>", "the workflow does not say whose they are"),
    ],
)
def test_says_on_top_when_nobody_approved_the_programs_that_write_the_page(step: Step, are: str, words: str) -> None:
    assert plan.main(step.environment | {"PROGRAMS_ARE": are}, PRODUCTION) == 0
    assert step.summary.startswith("> [!CAUTION]\n> **The programs that write this page were not approved before**: ")
    assert words in step.summary


def test_goes_on_where_the_public_address_is_silent(step: Step) -> None:
    (step.project.record / "served").unlink()

    assert plan.main(step.environment, PRODUCTION) == 0
    assert "**Runs now:** not known (`http://127.0.0.1:" in step.summary
    assert "It is not known what runs, so this may be older." in step.summary
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
