"""Where an alert's issue is to be, with whom: decided before the alert is claimed, kept in its job."""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.alerts.routing.route import Handover, Route


@dataclass(frozen=True, slots=True)
class Destination:
    """What a route says of the issue; what it leaves open is as the service's own settings say."""

    repository: str | None = None
    """As `owner/name`; None for that of the settings, also where a route names it."""
    labels: tuple[str, ...] = ()
    """Beside those that every issue gets."""
    trigger_label: str | None = None
    assignees: tuple[str, ...] = ()
    handover: Handover | None = None


HERE = Destination()
"""Everything is as the settings say."""


def destination_of(route: Route, *, default: str) -> Destination:
    """Return where the alerts of a route go; `default` is the repository of the settings."""
    is_default = route.repository is None or route.repository.lower() == default.lower()
    repository = None if is_default else route.repository
    return Destination(repository, route.labels, route.trigger_label, route.assignees, route.handover)
