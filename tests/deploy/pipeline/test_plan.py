"""The plan: what was asked for, whether that goes back, and what else waits."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn
from support.workflow.throwaway import Project

from deploy.pipeline.actions import Refused
from deploy.pipeline.clone import Clone
from deploy.pipeline.github_rest import GitHub
from deploy.pipeline.plan import check_gate, tag_release, waiting_runs
from deploy.pipeline.request import Request, choose_verb, read_request
from deploy.pipeline.risks import Waiting

PUSH = {"GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": "1" * 40}
BY_HAND = {**PUSH, "GITHUB_EVENT_NAME": "workflow_dispatch"}


def github(outside: StandIn) -> GitHub:
    """Return a client of the stand-in."""
    return GitHub(outside.url, bodies.REPOSITORY, "token")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (PUSH, Request(sha="1" * 40, by_hand=False)),
        (BY_HAND, Request(sha="1" * 40, by_hand=True)),
        ({**BY_HAND, "RELEASE_INPUT": "2" * 40}, Request(sha="2" * 40, by_hand=True)),
        ({**BY_HAND, "RELEASE_INPUT": "previous"}, Request(sha=None, by_hand=True)),
        ({**PUSH, "RELEASE_INPUT": "previous"}, Request(sha="1" * 40, by_hand=False)),
    ],
)
def test_reads_what_is_asked_for(environment: dict[str, str], expected: Request) -> None:
    assert read_request(environment) == expected


@pytest.mark.parametrize("asked", ["main", "1" * 39, "1" * 41, "A" * 40, "previous;id", "1" * 40 + "\n1"])
def test_refuses_what_is_no_release(asked: str) -> None:
    with pytest.raises(Refused, match="must be a full commit SHA"):
        read_request({**BY_HAND, "RELEASE_INPUT": asked})


@pytest.mark.parametrize("ref", ["refs/heads/main2", "refs/tags/main", "refs/heads/x", ""])
def test_refuses_whatever_is_not_main(ref: str) -> None:
    with pytest.raises(Refused, match="from main only"):
        read_request({**BY_HAND, "GITHUB_REF": ref})


def test_only_a_person_goes_back(project: Project) -> None:
    old, new = project.git("rev-parse", "HEAD"), project.commit("Then")
    clone = Clone(project.folder)

    assert choose_verb(Request(sha=new, by_hand=True), served=old, clone=clone) == "deploy"
    assert choose_verb(Request(sha=old, by_hand=True), served=new, clone=clone) == "rollback"
    assert choose_verb(Request(sha=old, by_hand=False), served=new, clone=clone) == "deploy"
    assert choose_verb(Request(sha=old, by_hand=True), served=old, clone=clone) == "deploy"
    assert choose_verb(Request(sha=old, by_hand=True), served=None, clone=clone) == "deploy"
    assert choose_verb(Request(sha=old, by_hand=True), served="9" * 40, clone=clone) == "deploy"
    assert choose_verb(Request(sha=None, by_hand=True), served=old, clone=clone) == "rollback"


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_gate_that_cannot_be_seen_is_no_gate(outside: StandIn, status: int) -> None:
    outside.teach("GET environments/production", {"message": "no"}, status=status)

    with pytest.raises(Refused, match=f"could not be checked .`GitHub answered {status}: no"):
        check_gate(github(outside))


@pytest.mark.parametrize(
    "body", [[], "production", {"protection_rules": 7}, {"protection_rules": ["required_reviewers"]}]
)
def test_a_gate_that_is_not_understood_is_no_gate(outside: StandIn, body: object) -> None:
    outside.teach("GET environments/production", body)

    with pytest.raises(Refused, match="could not be checked"):
        check_gate(github(outside))


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
        check_gate(reached)
    assert waiting_runs(reached, own=1, sha="1" * 40, clone=Clone(project.folder)) == ()
    assert "was not tagged (`GitHub" in tag_release(reached, "1" * 40)


def test_a_tag_that_is_there_is_no_news(outside: StandIn) -> None:
    outside.teach("POST git/refs", {"message": "Reference already exists"}, status=422)

    assert tag_release(github(outside), "1" * 40) == ""
