"""Where a release goes: an Environment of the repository on GitHub."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""Narrower than GitHub's own rule: it appears in addresses, Markdown and commands to be copied."""

WAY_BACK = "Actions > deploy > Run workflow, release `previous` (approved like this one), or `./deploy.sh rollback`"


@dataclass(frozen=True, slots=True)
class Target:
    """One Environment, and what follows from its name. Raises `ValueError` for a name that `NAME` does not match."""

    name: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"not the name of an Environment: {self.name!r}")

    @property
    def api_path(self) -> str:
        """The path of the Environment below the repository in GitHub's API."""
        return f"environments/{self.name}"

    @property
    def may_go_unapproved(self) -> bool:
        """Whether a release goes there at once where the Environment asks nobody; elsewhere that is an open gate."""
        return self == STAGING

    @property
    def settings_page(self) -> str:
        """The way to its settings on GitHub's web page."""
        return f"Settings > Environments > {self.name}"

    @property
    def command(self) -> str:
        """What a person types before a verb, from a laptop."""
        return "./deploy.sh" if self == PRODUCTION else f"./deploy.sh --target {self.name}"

    @property
    def way_back(self) -> str:
        """How a release is undone there, as Markdown."""
        if self == PRODUCTION:
            return WAY_BACK
        return f"`{self.command} rollback`"

    def command_for_secret(self, name: str, *, file: str) -> str:
        """Return the command that sets a secret of it from a file."""
        return f"gh secret set {name} --env {self.name} < {file}"

    def command_for_variable(self, name: str, *, value: str) -> str:
        """Return the command that sets a variable of it; `value` is written as the shell takes it."""
        return f"gh variable set {name} --env {self.name} {value}"


PRODUCTION = Target("production")
"""What is meant where no target is named."""
STAGING = Target("staging")
"""What a release has to serve before production, where it is set up."""
TARGETS = (STAGING, PRODUCTION)
"""Those that deploy.yml knows; it calls the job of each by its name."""
