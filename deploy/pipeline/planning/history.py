"""What GitHub's list of deployments says of the release that runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from booty.observability.text.untrusted import code
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.deployed import NOT_UNDERSTOOD, find_before

UNLISTED = """GitHub lists no successful deployment of `{served}`, which runs: it was deployed from elsewhere, or
something else answers at the public address."""
UNREADABLE = "GitHub's list of deployments could not be read ({problem})."
NO_PREVIOUS = """GitHub's list of deployments names no release before the running one, so the droplet chooses:
`./deploy.sh releases` shows what it keeps."""


@dataclass(frozen=True, slots=True)
class History:
    """The release before the running one, if it was asked for and is known; and what an approver should know."""

    previous: str | None
    warnings: tuple[str, ...]


def read_history(deployed: Iterable[str], *, served: str | None, clone: Clone, wants_previous: bool) -> History:
    """Read the list as far as necessary; one that cannot be read is a warning."""
    try:
        if wants_previous:
            previous = find_before(deployed, served=served, clone=clone)
            return History(previous, () if previous else (NO_PREVIOUS,))
        is_listed = served is None or served in deployed
        return History(None, () if is_listed else (UNLISTED.format(served=str(served)[:12]),))
    except NOT_UNDERSTOOD as problem:
        warning = UNREADABLE.format(problem=code(str(problem), limit=200))
        return History(None, (warning, NO_PREVIOUS) if wants_previous else (warning,))
