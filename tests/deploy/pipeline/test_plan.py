"""The plan: the gate, the tag, and what else is waiting."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn
from support.workflow.throwaway import Project

from deploy.pipeline.actions import Refused
from deploy.pipeline.clone import Clone
from deploy.pipeline.github_rest import GitHub
from deploy.pipeline.plan import check_gate, tag_release, waiting_runs
from deploy.pipeline.risks import Waiting
from deploy.pipeline.target import PRODUCTION


def github(outside: StandIn) -> GitHub:
    """Return a client of the stand-in."""
    return GitHub(outside.url, bodies.REPOSITORY, "token")


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_gate_that_cannot_be_seen_is_no_gate(outside: StandIn, status: int) -> None:
    outside.teach("GET environments/production", {"message": "no"}, status=status)

    with pytest.raises(Refused, match=f"could not be checked .`GitHub answered {status}: no"):
        check_gate(github(outside), target=PRODUCTION)


@pytest.mark.parametrize(
    "body", [[], "production", {"protection_rules": 7}, {"protection_rules": ["required_reviewers"]}]
)
def test_a_gate_that_is_not_understood_is_no_gate(outside: StandIn, body: object) -> None:
    outside.teach("GET environments/production", body)

    with pytest.raises(Refused, match="could not be checked"):
        check_gate(github(outside), target=PRODUCTION)


def test_tells_a_release_that_is_skipped_from_another_that_waits(project: Project) -> None:
    first, second = project.commit("One"), project.commit("Two")
    later = [bodies.waiting_run(42, second, event="workflow_dispatch"), bodies.waiting_run(43, "9" * 40)]
    runs = bodies.waiting_runs(bodies.waiting_run(41, first), *later)
    project.outside.teach("GET actions/workflows/deploy.yml/runs", runs)

    found = waiting_runs(github(project.outside), own=9043, sha=second, clone=Clone(project.folder))

    assert found == (
        Waiting(number=41, url=f"{bodies.WEB}/actions/runs/9041", sha=first, included=True),
        Waiting(number=42, url=f"{bodies.WEB}/actions/runs/9042", sha=second, included=False),
    )


@pytest.mark.parametrize("body", [{}, {"workflow_runs": None}, {"workflow_runs": [{}]}, "no"])
def test_goes_on_without_the_list_of_runs_that_wait(project: Project, body: object) -> None:
    project.outside.teach("GET actions/workflows/deploy.yml/runs", body)

    assert waiting_runs(github(project.outside), own=1, sha="1" * 40, clone=Clone(project.folder)) == ()


@pytest.mark.parametrize("answer", bodies.BROKEN.values(), ids=bodies.BROKEN)
def test_an_answer_that_cannot_be_read_closes_the_gate_and_blocks_nothing_else(project: Project, answer: bytes) -> None:
    for request in ("GET environments/production", "GET actions/workflows/deploy.yml/runs", "POST git/refs"):
        project.outside.teach(request, answer)
    reached = github(project.outside)

    with pytest.raises(Refused, match="could not be checked"):
        check_gate(reached, target=PRODUCTION)
    assert waiting_runs(reached, own=1, sha="1" * 40, clone=Clone(project.folder)) == ()
    assert "was not tagged (`GitHub" in tag_release(reached, "1" * 40)


def test_a_tag_that_is_there_is_no_news(outside: StandIn) -> None:
    outside.teach("POST git/refs", {"message": "Reference already exists"}, status=422)

    assert tag_release(github(outside), "1" * 40) == ""
