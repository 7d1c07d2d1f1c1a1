"""The approval: whether this attempt of this run has one."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn

from deploy.pipeline.approval import NOT_APPROVED, approvers, spent_reviews, verify, verify_patiently
from deploy.pipeline.github.actions import Refused
from deploy.pipeline.github.rest import GitHubAnswer
from deploy.pipeline.target import PRODUCTION, STAGING, TARGETS


def test_counts_only_reviews_of_this_environment() -> None:
    history = [
        bodies.review("mary", name="staging"),
        bodies.review("anne", state="rejected"),
        bodies.review("mary"),
        bodies.review("mary", state="pending"),
    ]

    assert approvers(history, target=PRODUCTION) == (["mary"], 1)


def test_an_earlier_attempt_that_never_reached_the_gate_used_up_no_review() -> None:
    jobs = [
        bodies.job("check", attempt=1, conclusion="failure"),
        bodies.job("deploy", attempt=1, conclusion="skipped"),
        bodies.job("deploy", attempt=2, conclusion="failure"),
        bodies.job("deploy", attempt=3, conclusion="cancelled"),
        bodies.job("deploy", attempt=4, conclusion=None),
    ]

    assert spent_reviews(jobs, attempt=4, target=PRODUCTION) == 2


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("deploy", {"staging", "production"}),
        ("production / deploy", {"production"}),
        ("staging / deploy", {"staging"}),
        ("nightly / staging / deploy", {"staging"}),
        ("nightly / deploy", {"staging", "production"}),
        ("production / deploy / x", set()),
        ("redeploy", set()),
    ],
)
def test_counts_the_job_of_its_own_target_behind_the_name_of_a_caller(name: str, targets: set[str]) -> None:
    jobs = [bodies.job(name, attempt=1)]

    assert {target.name for target in TARGETS if spent_reviews(jobs, attempt=2, target=target)} == targets


def test_a_target_that_asks_nobody_needs_no_approval_and_production_is_none_of_those(outside: StandIn) -> None:
    for target in TARGETS:
        outside.teach(f"GET {target.api_path}", bodies.environment())
    outside.teach("GET actions/runs/7/approvals", [])

    assert verify(outside.github, target=STAGING, run_id=7, attempt=2, sha="a" * 40) == ""
    with pytest.raises(Refused, match="was not approved for `production`"):
        verify(outside.github, target=PRODUCTION, run_id=7, attempt=1, sha="a" * 40)


@pytest.mark.parametrize(("body", "status"), [(bodies.environment("anne"), 200), ({"message": "no"}, 403), ([], 200)])
def test_a_target_that_asks_or_cannot_be_asked_needs_an_approval(outside: StandIn, body: object, status: int) -> None:
    outside.teach("GET environments/staging", body, status=status)
    outside.teach("GET actions/runs/7/approvals", [])

    with pytest.raises(Refused, match="othing is deployed"):
        verify_patiently(
            lambda: verify(outside.github, target=STAGING, run_id=7, attempt=1, sha="a" * 40), pause=lambda _: None
        )


@pytest.mark.parametrize(
    ("history", "approved"),
    [
        ([bodies.review("anne", state="rejected"), bodies.review("mary")], True),
        ([bodies.review("mary"), bodies.review("anne", state="rejected")], True),
        ([bodies.review("mary")], False),
        ([bodies.review("anne", state="rejected")], False),
    ],
)
def test_an_attempt_needs_a_review_of_its_own(outside: StandIn, history: list[object], approved: bool) -> None:  # noqa: FBT001 - a column of the table
    outside.teach("GET actions/runs/7/approvals", history)
    outside.teach("GET actions/runs/7/jobs", bodies.jobs(bodies.job("deploy", attempt=1, conclusion="failure")))

    if approved:
        assert verify(outside.github, target=PRODUCTION, run_id=7, attempt=2, sha="a" * 40) == "mary"
    else:
        with pytest.raises(Refused):
            verify(outside.github, target=PRODUCTION, run_id=7, attempt=2, sha="a" * 40)


def test_a_rejection_is_the_last_word_of_its_attempt(outside: StandIn) -> None:
    outside.teach("GET actions/runs/7/approvals", [bodies.review("anne", state="rejected"), bodies.review("mary")])

    with pytest.raises(Refused, match="was rejected"):
        verify(outside.github, target=PRODUCTION, run_id=7, attempt=1, sha="a" * 40)


def test_a_list_of_jobs_that_is_not_whole_is_no_proof(outside: StandIn) -> None:
    outside.teach("GET actions/runs/7/approvals", [bodies.review("mary"), bodies.review("anne")])
    outside.teach("GET actions/runs/7/jobs", {"total_count": 101, "jobs": []})

    with pytest.raises(Refused, match="earlier attempt"):
        verify(outside.github, target=PRODUCTION, run_id=7, attempt=2, sha="a" * 40)


def test_looks_again_before_it_takes_no_for_an_answer() -> None:
    pauses: list[float] = []
    problems = [GitHubAnswer(502, "Bad Gateway"), Refused("not yet")]

    def look() -> str:
        if problems:
            raise problems.pop()
        return "mary"

    assert verify_patiently(look, pause=pauses.append) == "mary"
    assert pauses == [2.0, 2.0]


@pytest.mark.parametrize("problem", [GitHubAnswer(403, "no"), KeyError("user"), TypeError("x"), Refused(NOT_APPROVED)])
def test_every_error_is_a_no(problem: Exception) -> None:
    def look() -> str:
        raise problem

    with pytest.raises(Refused, match="othing is deployed"):
        verify_patiently(look, pause=lambda _: None)
