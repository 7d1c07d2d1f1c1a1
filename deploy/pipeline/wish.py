"""What a push or a person asks for, and whether that means to deploy or to go back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.pipeline.changes import SHA, Clone
from deploy.pipeline.runner import Refused

MAIN = "refs/heads/main"
PREVIOUS = "previous"

NOT_MAIN = "Deploys run from main only. Choose the branch main under Actions > deploy > Run workflow."
NOT_A_RELEASE = """The release must be a full commit SHA (40 lower-case hex digits) or the word `previous`.
`git rev-parse COMMIT` prints the SHA."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; `sha` is None for the release before the running one."""

    sha: str | None
    by_hand: bool


def read_wish(environment: Mapping[str, str]) -> Wish:
    """Read what a push or a person asks for; raises `Refused`."""
    if environment["GITHUB_REF"] != MAIN:
        raise Refused(NOT_MAIN)
    by_hand = environment["GITHUB_EVENT_NAME"] == "workflow_dispatch"
    asked = environment.get("RELEASE_INPUT", "").strip() if by_hand else ""
    if asked == PREVIOUS:
        return Wish(sha=None, by_hand=True)
    sha = asked or environment["GITHUB_SHA"]
    if not SHA.fullmatch(sha):
        raise Refused(NOT_A_RELEASE)
    return Wish(sha=sha, by_hand=by_hand)


def choose_verb(wish: Wish, *, served: str | None, clone: Clone) -> str:
    """Only a person may go back: a push of an older commit stays a deploy, which the droplet refuses."""
    if wish.sha is None:
        return "rollback"
    known = served is not None and served != wish.sha and clone.has(served)
    back = wish.by_hand and known and clone.contains(wish.sha, tip=str(served))
    return "rollback" if back else "deploy"
