"""The releases that GitHub lists as deployed to a target, newest first.

GitHub makes a deployment for every job that names the Environment, under the commit that the run began with. A run by
hand began with the newest commit of main, whatever it deployed: so the list says what may have run, and the droplet,
which keeps the releases, has the last word.
Shapes: https://docs.github.com/rest/deployments/deployments#list-deployments
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from deploy.pipeline.github.rest import GitHub
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.release import SHA
from deploy.pipeline.target import Target

LOOKED_AT = 30
"""Deployments; each costs a request."""


def list_deployed(github: GitHub, *, target: Target) -> Iterator[str]:
    """Yield the SHAs of the deployments that ended well, newest first.

    Raises `GitHubAnswer`, or `KeyError`, `TypeError` or `AttributeError` for what is not understood.
    """
    listed = github.get("deployments", environment=target.name, per_page=LOOKED_AT)
    for deployment in listed[:LOOKED_AT]:
        if deployment.get("environment", target.name) != target.name or not SHA.fullmatch(deployment["sha"]):
            continue
        if _has_succeeded(github.get(f"deployments/{int(deployment['id'])}/statuses", per_page=100)):
            yield deployment["sha"]


def _has_succeeded(statuses: Sequence[dict[str, Any]]) -> bool:
    """Return whether it did at some time: what is replaced later is called inactive then."""
    return any(status["state"] == "success" for status in statuses)


def find_before(deployed: Iterator[str], *, served: str, clone: Clone) -> str | None:
    """Return the newest release that was deployed before `served`, and is an earlier commit; None where none is."""
    is_reached = False
    for sha in deployed:
        is_reached = is_reached or sha == served
        if is_reached and sha != served and clone.has(sha) and clone.contains(sha, tip=served):
            return sha
    return None
