"""The way of an alert: all that its route means for it, with the settings where the route says nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from booty.observability.alerts.filters import Policy, decide
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.routing.choice import choose
from booty.observability.alerts.routing.destination import Destination, destination_of
from booty.observability.alerts.routing.route import DEFAULT, Route
from booty.observability.alerts.routing.traits import traits_of


@dataclass(frozen=True, slots=True)
class Way:
    """Where an alert goes, on which terms; nothing is filed when it `is_dropped`."""

    policy: Policy
    destination: Destination
    is_dropped: bool = False


@dataclass(frozen=True, slots=True)
class Routing:
    """The routes, with what the settings say where they are silent: a policy, a repository."""

    policy: Policy
    repository: str = ""
    routes: tuple[Route, ...] = ()
    default: Way = field(init=False)
    """That of an alert which no route takes."""

    def __post_init__(self) -> None:
        """Make the default way once: most alerts take it."""
        object.__setattr__(self, "default", self._by(DEFAULT))

    def way_of(self, alert: Occurrence, *, organization: str | None = None) -> Way:
        """Return the one way of an alert; what the operator or the service itself sent has no route.

        `organization` is the name of the secret that signed it.
        """
        if not self.routes or alert.own or alert.is_test:
            return self.default
        return self._by(choose(traits_of(alert, organization), self.routes))

    def _by(self, route: Route) -> Way:
        return Way(_policy_on(route, self.policy), destination_of(route, default=self.repository), route.drop)

    def may_file(self, alert: Occurrence, *, now: float) -> bool:
        """Return whether any route would file an alert that does not say all that routes ask for yet."""
        ways = (route for route in (*self.routes, DEFAULT) if not route.drop)
        return any(decide(alert, _policy_on(route, self.policy), None, now).is_accepted for route in ways)


def _policy_on(route: Route, policy: Policy) -> Policy:
    """Return the policy on a route; a least severity of its own holds for every kind of problem."""
    if route.min_severity is not None:
        policy = replace(policy, min_severity=route.min_severity, min_severity_of={})
    return policy if route.cooldown_hours is None else replace(policy, cooldown_seconds=route.cooldown_hours * 3600)
