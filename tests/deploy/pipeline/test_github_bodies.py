"""The stand-in's answers and the programs' requests, held against GitHub's own description of its API."""

from __future__ import annotations

import pytest
from githubkit.versions.v2022_11_28 import models
from pydantic import BaseModel
from support.workflow import github_bodies as bodies


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (models.Environment, bodies.environment("anne", teams=("deck",), prevent_self_review=True)),
        (models.Environment, bodies.environment(branches=False)),
        (models.EnvironmentApprovals, bodies.review("mary", state="rejected")),
        (models.ReposOwnerRepoActionsRunsRunIdJobsGetResponse200, bodies.jobs(bodies.job("deploy", attempt=2))),
        (models.Job, bodies.job("deploy", attempt=1, conclusion=None)),
        (models.ValidationError, bodies.validation_failed("Release", "tag_name")),
        (models.RepositoryRulePullRequest, {k: bodies.pull_request_rule()[k] for k in ("type", "parameters")}),
        (models.CodeownersErrors, {"errors": [bodies.owners_error(2, "Unknown owner")]}),
        (models.ReposOwnerRepoGitRefsPostBody, {"ref": f"refs/tags/booty@{'a' * 40}", "sha": "a" * 40}),
    ],
)
def test_bodies_have_the_shape_that_github_describes(model: type[BaseModel], body: dict[str, object]) -> None:
    parsed = model.model_validate(body)

    assert parsed.model_dump(mode="json", exclude_unset=True, include=set(body)).keys() == set(body) - {
        "can_admins_bypass"
    }


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (models.WorkflowRun, bodies.waiting_run(41, "a" * 40)),
        (models.Release, bodies.release("booty@x")),
        (models.BranchProtection, bodies.branch_protection(by_owners=True)),
        (
            models.ProtectedBranchPullRequestReview,
            bodies.branch_protection(by_owners=True)["required_pull_request_reviews"],
        ),
        (models.Deployment, bodies.deployment(1, "a" * 40)),
        (models.DeploymentStatus, bodies.status("success")),
    ],
)
def test_shortened_bodies_name_fields_that_github_describes(model: type[BaseModel], body: dict[str, object]) -> None:
    assert set(body) <= set(model.model_fields)
