"""A route: which alerts it takes, what it sets for them.

What it leaves open (None, or nothing in it) is as the service's own settings say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from booty.observability.alerts.severity import Severity
from booty.observability.text.sealed import Secret

Handover = Literal["label", "gate", "copilot"]
HANDOVERS: tuple[Handover, ...] = ("label", "gate", "copilot")


@dataclass(frozen=True, slots=True)
class Traits:
    """What an alert says of itself, as far as routes ask; all of it comes from outside."""

    organization: str | None = None
    """Whose secret signed it; None where the secrets have no names."""
    projects: tuple[str, ...] = ()
    """The project's slug, its number, or both."""
    environment: str | None = None
    level: Severity | None = None
    tags: tuple[tuple[str, str], ...] = ()

    def values(self, trait: str) -> tuple[str, ...]:
        """Return what the alert says of `trait`, as a route names it: `project`, `tag.team`; nothing if nothing."""
        if trait.startswith(TAG):
            wanted = trait.removeprefix(TAG)
            return tuple(value for name, value in self.tags if name == wanted)
        if trait == "project":
            return self.projects
        told = {"organization": self.organization, "environment": self.environment, "level": self.level}
        return (told[trait],) if told[trait] is not None else ()  # type: ignore[return-value]  # it is not None


TAG = "tag."


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the patterns must match what the alert says of the trait."""

    trait: str
    """`organization`, `project`, `environment`, `level`, or `tag.` and a name."""
    patterns: tuple[str, ...]
    """With `*`, `?` and `[…]` as a shell has them; capital letters count."""


@dataclass(frozen=True, slots=True)
class Route:
    """Takes the alerts that fulfil all of its conditions; without any, all alerts."""

    line: int = 0
    """Where it begins in the file; 0 for the default, which is in no file."""
    conditions: tuple[Condition, ...] = ()
    drop: bool = False
    """Nothing is filed of what it takes."""
    repository: str | None = None
    """As `owner/name`."""
    min_severity: Severity | None = None
    cooldown_hours: float | None = None
    labels: tuple[str, ...] = ()
    """Beside those that every issue gets."""
    trigger_label: str | None = None
    assignees: tuple[str, ...] = ()
    handover: Handover | None = None
    token_file: str | None = None
    """The path of the file that holds the token for the repository."""
    token: Secret | None = field(default=None, compare=False)
    """What the file held at the start."""


DEFAULT = Route()
"""Takes whatever no route of the file takes: everything is as the settings say."""
