"""The releases that GitHub lists as deployed to a target, newest first.

GitHub makes a deployment for every job that names the Environment, under the commit that the run began with: a run by
hand began with the newest commit of main, whatever it deployed. What it did deploy is in the address that the job gives
for the Environment, `…/health#booty@<sha>`; without one, the commit has to do.
Shapes: https://docs.github.com/rest/deployments/deployments#list-deployments
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from deploy.pipeline.github.rest import GitHub, GitHubAnswer
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.release import SHA, read_name
from deploy.pipeline.target import Target

LOOKED_AT = 30
"""Deployments; each costs a request."""
NOT_UNDERSTOOD = (GitHubAnswer, KeyError, TypeError, AttributeError, ValueError)
"""What a list raises that cannot be read."""


def list_deployed(github: GitHub, *, target: Target) -> Iterator[str]:
    """Yield the SHAs of the deployments that ended well, newest first. Raises one of `NOT_UNDERSTOOD`."""
    listed = github.get("deployments", environment=target.name, per_page=LOOKED_AT)
    for deployment in listed[:LOOKED_AT]:
        if deployment.get("environment", target.name) == target.name:
            statuses = github.get(f"deployments/{int(deployment['id'])}/statuses", per_page=100)
            sha = _deployed_by(deployment, statuses)
            if sha is not None:
                yield sha


def _deployed_by(deployment: dict[str, Any], statuses: Sequence[dict[str, Any]]) -> str | None:
    """Return what it deployed, None if it never succeeded: what is replaced later is called inactive then."""
    for status in statuses:
        if status["state"] == "success":
            _, _, named = str(status.get("environment_url")).partition("#")
            return read_name(named) or (deployment["sha"] if SHA.fullmatch(deployment["sha"]) else None)
    return None


def find_before(deployed: Iterable[str], *, served: str | None, clone: Clone) -> str | None:
    """Return the newest release that was deployed before `served`, and is an earlier commit; None where none is.

    Where it is not known what is served, it is taken to be the newest of the list.
    """
    is_reached = False
    for sha in deployed:
        served = served or sha
        is_reached = is_reached or sha == served
        if is_reached and sha != served and all(map(clone.has, (sha, served))) and clone.contains(sha, tip=served):
            return sha
    return None
