"""What an alert says of itself, as routes ask for it."""

from __future__ import annotations

from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.routing.route import Traits


def traits_of(alert: Occurrence, organization: str | None = None) -> Traits:
    """Return the traits of an alert; the number of an event's project is the first part of its fingerprint.

    `organization` is the name of the secret that signed it.
    """
    number = alert.fingerprint.partition(":")[0] if alert.kind == "event" else ""
    projects = dict.fromkeys((*((alert.project,) if alert.project else ()), *((number,) if number.isdecimal() else ())))
    return Traits(organization, tuple(projects), alert.environment, alert.severity, alert.tags)
