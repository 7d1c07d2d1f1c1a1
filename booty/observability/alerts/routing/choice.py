"""The choice of a route: the first one that takes the alert, else the default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from booty.observability.alerts.routing.route import DEFAULT, Condition, Route, Traits


@dataclass(frozen=True, slots=True)
class Step:
    """A route that was asked, and the first condition that the alert does not fulfil; None if the route takes it."""

    route: Route
    unmet: Condition | None


def choose(traits: Traits, routes: Sequence[Route]) -> Route:
    """Return the one route of an alert."""
    return next((route for route in routes if unmet(route, traits) is None), DEFAULT)


def steps(traits: Traits, routes: Sequence[Route]) -> Iterator[Step]:
    """Yield each route that is asked, in order; the last one is what `choose` returns."""
    for route in (*routes, DEFAULT):
        step = Step(route, unmet(route, traits))
        yield step
        if step.unmet is None:
            return


def unmet(route: Route, traits: Traits) -> Condition | None:
    """Return the first condition of a route that the alert does not fulfil; what it does not say fulfils none."""
    return next((each for each in route.conditions if not _is_met(each, traits)), None)


def _is_met(condition: Condition, traits: Traits) -> bool:
    return any(is_one_of(condition.patterns, value) for value in traits.values(condition.trait))


def is_one_of(patterns: Sequence[str], value: str) -> bool:
    """Return whether one of the patterns matches a value."""
    return any(fnmatchcase(value, pattern) for pattern in patterns)
