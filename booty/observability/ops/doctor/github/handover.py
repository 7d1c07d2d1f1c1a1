"""Whether issues can be handed over as the settings say: the coding agent, the protected paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from booty.observability.alerts.handover.protected import is_within
from booty.observability.alerts.routing.route import Handover
from booty.observability.config import Settings
from booty.observability.github.client import GitHub
from booty.observability.github.repository import GitHubSource
from booty.observability.github.setup import agent
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ops.doctor.check import Check

ON = "switch it on: Settings > Copilot > Coding agent; the token must be that of a person who has Copilot"
PERSONS = "set GITHUB_TOKEN of a person who has Copilot, or OBSV_HANDOVER=label or gate"
WRITE = "give the token's account write access to the repository"
PERMISSIONS = "a fine-grained token needs Actions, Contents, Issues, Pull requests: read and write"
ASK = "see by hand: an issue's Assignees must offer Copilot"
SERVER = "/api/v3"


def check_agent(github: GitHub, repository: str, *, api_url: str, is_app: bool) -> Check:
    """Return whether the coding agent can be assigned."""
    if is_app or api_url.endswith(SERVER):
        why = "does not start for a GitHub App's token" if is_app else "is not on GitHub Enterprise Server"
        return Check("agent", "FAIL", f"GitHub's coding agent {why}", PERSONS)
    try:
        found = agent.look(github, repository)
    except (Refused, Postponed, Unknown) as failure:
        return Check("agent", "warn", f"GitHub does not tell: {failure}", ASK)
    if found is None or not found.is_there:
        return Check("agent", "FAIL", f"GitHub's coding agent cannot be assigned in {repository}", ON)
    if not found.is_permitted:
        return Check("agent", "FAIL", "the token's account may not start GitHub's coding agent", WRITE)
    return Check("agent", "ok", f"GitHub's coding agent can be assigned; {PERMISSIONS}")


def check_paths(github: GitHub, repository: str, patterns: Sequence[str]) -> Check:
    """Return whether every protected path is one of the repository's."""
    try:
        files = GitHubSource(github, repository=repository, web=WebLinks("")).paths("HEAD")
    except (Refused, Postponed, Unknown) as failure:
        return Check("paths", "warn", f"the files cannot be listed: {failure}", "give the token 'Contents: read'")
    if not files:
        return Check("paths", "warn", "the repository has too many files, or none, to look at", "see by hand")
    wrong = [pattern for pattern in patterns if not any(is_within(pattern, path) for path in files)]
    if wrong:
        return Check("paths", "FAIL", f"no file is in {', '.join(wrong)}", "correct OBSV_PROTECTED_PATHS")
    return Check("paths", "ok", f"all {len(patterns)} protected paths are there")


def ways_of(settings: Settings) -> frozenset[Handover]:
    """Return all ways in which issues are handed over, by whatever route."""
    return frozenset({settings.handover, *(route.handover for route in settings.routes or () if route.handover)})


def may_hold_back(settings: Settings) -> bool:
    """Return whether an issue may have to wait for a person."""
    return ways_of(settings) != {"label"} or bool(settings.handover_per_day or settings.protected_paths)


def check_handover(github: GitHub, settings: Settings) -> Iterator[Check]:
    """Yield what applies."""
    if "copilot" in ways_of(settings):
        is_app = settings.github_app_id is not None
        yield check_agent(github, settings.repository, api_url=settings.github_api_url, is_app=is_app)
    if settings.protected_paths:
        yield check_paths(github, settings.repository, settings.protected_paths)
