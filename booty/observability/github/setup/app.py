"""A GitHub App as it is set up for one repository."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booty.observability.github.access.app import App


@dataclass(frozen=True, slots=True)
class AppAccess:
    """An App with its installation: its name, whose repositories it is installed on, what it may do."""

    slug: str
    owner: str
    is_suspended: bool
    may_write_issues: bool


def look(app: App, repository: str) -> AppAccess:
    """Ask for the App, then for its installation on `repository` (owner/name). Raises `Refused`, `Postponed`."""
    slug, found = app.slug(), app.installation(repository)
    return AppAccess(
        slug=slug,
        owner=(found.account.login if found.account else "") or repository.partition("/")[0],
        is_suspended=found.suspended_at is not None,
        may_write_issues=(found.permissions or {}).get("issues") == "write",
    )
