"""The whole workflow under act: the right colour and the right words in every case."""

from __future__ import annotations

from workflow import github_bodies as bodies
from workflow.throwaway import Project


def approve(project: Project, *reviews: dict[str, object]) -> None:
    """Set up an Environment with two reviewers, and the reviews of this run."""
    outside = project.outside
    outside.teach("GET environments/production", bodies.environment("anne", "mary"))
    outside.teach("GET actions/workflows/deploy.yml/runs", bodies.waiting_runs())
    outside.teach("POST git/refs", {"ref": "refs/tags/x"}, status=201)
    outside.teach("POST releases", bodies.release("booty@x"), status=201)
    outside.teach(f"GET actions/runs/{bodies.RUN}/approvals", list(reviews))


def test_deploys_an_approved_push_from_check_to_record(project: Project) -> None:
    sha = project.commit("Fix the parser")
    approve(project, bodies.review("mary"))
    project.outside.served = sha

    run = project.run()

    assert run.jobs == {
        "check": "success",
        "test": "success",
        "plan": "success",
        "deploy": "success",
        "record": "success",
    }
