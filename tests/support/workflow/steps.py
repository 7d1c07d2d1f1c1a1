"""A step of the workflow without its runner: the environment that a program reads, and what it wrote."""

from __future__ import annotations

from dataclasses import dataclass

from support.workflow import github_bodies as bodies
from support.workflow.throwaway import KEY, Project


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `environment` is whole for every program, but for what the jobs before hand on."""

    project: Project

    @property
    def environment(self) -> dict[str, str]:
        """What GitHub's runner and deploy.yml set, for a push of the newest commit."""
        outside = self.project.outside
        runner = {
            "PATH": "/usr/bin:/bin",
            "GITHUB_API_URL": outside.url,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": bodies.REPOSITORY,
            "GITHUB_TOKEN": "ghs_standin",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_SHA": self.project.git("rev-parse", "HEAD"),
            "GITHUB_RUN_ID": str(bodies.RUN),
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_ACTOR": "anne",
            "GITHUB_OUTPUT": str(self.project.record / "output"),
            "GITHUB_STEP_SUMMARY": str(self.project.record / "summary"),
            "CHECK_RESULT": "success",
            "PROGRAMS": self.project.git("rev-list", "--max-parents=0", "HEAD"),
            "PROGRAMS_ARE": "approved",
        }
        settings = {
            "SERVER_NAME": outside.address,
            "HEALTH_SCHEME": "http",
            "DEPLOY_SSH_KEY": KEY,
            "DEPLOY_HOST": "203.0.113.7",
            "DEPLOY_KNOWN_HOSTS": "203.0.113.7 ssh-ed25519 AAAA",
            "SENTRY_AUTH_TOKEN": "sntrys_standin",
            "SENTRY_ORG": "sea",
            "SENTRY_PROJECT": "booty",
            "SENTRY_URL": outside.url,
        }
        return runner | settings

    @property
    def summary(self) -> str:
        """All job summaries so far."""
        return (self.project.record / "summary").read_text(encoding="utf-8")

    @property
    def outputs(self) -> dict[str, str]:
        """All outputs so far; of one name the last."""
        lines = (self.project.record / "output").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)
