"""A project that is ready for an approved deploy: what most runs of the workflow begin with."""

from __future__ import annotations

from support.workflow import github_bodies as bodies
from support.workflow.throwaway import Project


def make_ready(project: Project) -> None:
    """Set up a gate, owners of the deploy, this run's approval, the first commit deployed and serving."""
    outside = project.outside
    outside.teach("GET environments/production", bodies.environment("anne", "mary"))
    outside.teach("GET actions/workflows/deploy.yml/runs", bodies.waiting_runs())
    outside.teach("GET rules/branches/main", [bodies.pull_request_rule()])
    outside.teach("GET codeowners/errors", {"errors": []})
    outside.teach("POST git/refs", {"ref": "refs/tags/x"}, status=201)
    outside.teach("POST releases", bodies.release("booty@x"), status=201)
    reviews(project, bodies.review("mary"))
    deployed(project, project.git("rev-parse", "HEAD"))
    project.serves(project.git("rev-parse", "HEAD"))


def reviews(project: Project, *history: dict[str, object]) -> None:
    """Set the review history of the run."""
    project.outside.teach(f"GET actions/runs/{bodies.RUN}/approvals", list(history))


def deployed(project: Project, *shas: str) -> None:
    """Let GitHub list these deployments as successful, newest first."""
    listed = [bodies.deployment(number, sha) for number, sha in enumerate(shas, start=1)]
    project.outside.teach("GET deployments", listed)
    for number in range(1, len(shas) + 1):
        statuses = [bodies.status("inactive"), bodies.status("success"), bodies.status("in_progress")]
        project.outside.teach(f"GET deployments/{number}/statuses", statuses)


def merged(project: Project, subject: str = "Fix the parser") -> str:
    """Merge one more commit, which the public address serves once it is deployed; its SHA."""
    before = project.git("rev-parse", "HEAD")
    sha = project.commit(subject)
    project.serves(before, then=sha)
    return sha
