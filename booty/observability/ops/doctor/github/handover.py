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
        return Check(
            "paths", "warn", f"no file of {repository} is in {', '.join(wrong)}", "correct OBSV_PROTECTED_PATHS"
        )
    return Check("paths", "ok", f"all {len(patterns)} protected paths are there")


def ways_in(settings: Settings, repository: str | None) -> frozenset[Handover]:
    """Return all ways in which issues of a repository are handed over, None for that of the settings."""
    name = (repository or settings.repository).lower()
    routes = [each for each in settings.routes or () if (each.repository or settings.repository).lower() == name]
    of_routes = {each.handover or settings.handover for each in routes if not each.drop}
    return frozenset(of_routes if repository is not None else {settings.handover, *of_routes})


def may_hold_back(settings: Settings, repository: str | None = None) -> bool:
    """Return whether an issue of a repository may have to wait for a person."""
    is_limited = settings.handover_per_day or settings.protected_paths
    return bool(is_limited) or not ways_in(settings, repository) <= {"label"}


def check_handover(
    github: GitHub, settings: Settings, repository: str | None = None, *, is_app: bool
) -> Iterator[Check]:
    """Yield what applies in a repository, None for that of the settings, whose files protected paths are held to."""
    name = repository or settings.repository
    if "copilot" in ways_in(settings, repository):
        yield check_agent(github, name, api_url=settings.github_api_url, is_app=is_app)
    if settings.protected_paths and repository is None:
        yield check_paths(github, name, settings.protected_paths)
