"""Where an alert's issue is to be, with whom: decided before the alert is claimed, kept in its job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from booty.observability.alerts.routing.route import DEFAULT, Handover, Route

Told = Mapping[str, object]


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
    told: Told = field(default_factory=dict, compare=False)
    """What the journal is told of the route: its line, what it sets of the terms. It goes into no job."""


HERE = Destination()
"""Everything is as the settings say."""


def destination_of(route: Route, *, default: str) -> Destination:
    """Return where the alerts of a route go; `default` is the repository of the settings."""
    if route is DEFAULT:
        return HERE
    is_default = route.repository is None or route.repository.lower() == default.lower()
    repository = None if is_default else route.repository
    return Destination(
        repository, route.labels, route.trigger_label, route.assignees, route.handover, told=_told(route)
    )


def _told(route: Route) -> Told:
    known = {
        "route": route.line or None,
        "min_severity": route.min_severity and route.min_severity.value,
        "cooldown_hours": route.cooldown_hours,
    }
    return {name: value for name, value in known.items() if value is not None}
