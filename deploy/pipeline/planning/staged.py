"""What staging says of a release that is to go on from there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from booty.observability.text.untrusted import code
from deploy.pipeline.github.actions import Refused
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.public_health import NotKnown, health_url, wait_until
from deploy.pipeline.target import STAGING

PATIENCE_SECONDS = 10.0
SINCE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[0-9:.+]*")
NUMBER = re.compile(r"[0-9]{1,9}")
"""They are shown as they are: what another job says is untrusted like any text from outside."""
NOT_THERE = """`{sha}` was not seen healthy on `{staging}` in this run, so it is not put up for approval. The job
`{staging} / deploy` says why; once that is fixed, run the failed jobs again."""
NOT_HEALTHY = """`{sha}` was deployed to `{staging}`, but is not healthy there now ({seen}), so it is not put up for
approval. Look at it, then run the failed jobs again: ./deploy.sh --target {staging} status"""


@dataclass(frozen=True, slots=True)
class Staged:
    """A release that is healthy on staging.

    `since` (ISO 8601, UTC) is when it went live there, `alerts` how many have come from there since; None: not known.
    `replaced_by` is the newer commit with it in its history that staging serves by now.
    """

    since: str | None
    alerts: int | None
    replaced_by: str | None


def prove_staged(
    environment: Mapping[str, str], *, sha: str, clone: Clone, patience_seconds: float = PATIENCE_SECONDS
) -> Staged | None:
    """Return what staging says of `sha`, None where no staging is set up; raises `Refused` unless it was healthy there.

    STAGING is staging's public address as a URL, "" where there is none; STAGED are the outputs of this run's deploy to
    it, as JSON. They say that `sha` was seen there, the address itself that nothing took it back.
    """
    if not environment.get("STAGING"):
        return None
    told = _read(environment.get("STAGED", ""))
    if told.get("sha") != sha:
        raise Refused(NOT_THERE.format(sha=sha, staging=STAGING.name))

    def has_it(served: str) -> bool:
        return served == sha or (clone.has(served) and clone.contains(sha, tip=served))

    try:
        scheme, _, name = environment["STAGING"].partition("://")
        url = health_url({"HEALTH_SCHEME": scheme, "SERVER_NAME": name})
        served = wait_until(has_it, url=url, patience_seconds=patience_seconds)
    except NotKnown as problem:
        seen = code(str(problem), limit=200)
        raise Refused(NOT_HEALTHY.format(sha=sha, staging=STAGING.name, seen=seen)) from problem
    since, alerts = told.get("since", ""), told.get("alerts", "")
    return Staged(
        since=since if SINCE.fullmatch(since) else None,
        alerts=int(alerts) if NUMBER.fullmatch(alerts) else None,
        replaced_by=served if served != sha else None,
    )


def _read(outputs: str) -> dict[str, str]:
    try:
        told = json.loads(outputs)
    except ValueError:
        return {}
    return {name: str(value) for name, value in told.items()} if isinstance(told, dict) else {}
