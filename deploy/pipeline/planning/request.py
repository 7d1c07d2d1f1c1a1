"""What a push or a person asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.pipeline.github.actions import Refused
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.release import SHA

MAIN = "refs/heads/main"
PREVIOUS = "previous"

NOT_MAIN = "Deploys run from main only. Choose the branch main under Actions > deploy > Run workflow."
NOT_A_RELEASE = """The release must be a full commit SHA (40 lower-case hex digits) or the word `previous`.
`git rev-parse COMMIT` prints the SHA."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; `sha` is None for the release before the running one."""

    sha: str | None
    by_hand: bool


def read_request(environment: Mapping[str, str]) -> Request:
    """Read what a push or a person asks for; raises `Refused`."""
    if environment["GITHUB_REF"] != MAIN:
        raise Refused(NOT_MAIN)
    by_hand = environment["GITHUB_EVENT_NAME"] == "workflow_dispatch"
    asked = environment.get("RELEASE_INPUT", "").strip() if by_hand else ""
    if asked == PREVIOUS:
        return Request(sha=None, by_hand=True)
    sha = asked or environment["GITHUB_SHA"]
    if not SHA.fullmatch(sha):
        raise Refused(NOT_A_RELEASE)
    return Request(sha=sha, by_hand=by_hand)


def choose_verb(request: Request, *, served: str | None, clone: Clone) -> str:
    """Return `deploy` or `rollback`. Only a person may go back: the droplet refuses the push of an older commit."""
    if request.sha is None:
        return "rollback"
    known = served is not None and served != request.sha and clone.has(served)
    back = request.by_hand and known and clone.contains(request.sha, tip=str(served))
    return "rollback" if back else "deploy"
