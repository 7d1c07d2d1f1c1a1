"""The setting `OBSV_ROUTES`: a file's path becomes its routes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from booty.observability.alerts.routing.choice import is_one_of
from booty.observability.alerts.routing.route import Route
from booty.observability.config.kinds.secrets import SHORTEST_SECRET
from booty.observability.config.routes.organizations import signers
from booty.observability.config_errors import REMEDIES, Fault

NAME = "OBSV_ROUTES"


def routes_of(path: str, values: Mapping[str, Any]) -> tuple[tuple[Route, ...], tuple[Fault, ...]]:
    """Return the routes in a file, with the faults of the file and of what it asks of the other settings.

    `values` are those of the variables, as far as they could be read.
    """
    from booty.observability.config.routes.reading import WrongRoutes, read_routes  # noqa: PLC0415 - who has none reads none

    try:
        routes = read_routes(path, default=values.get("repository", ""), api_url=values.get("github_api_url", ""))
    except WrongRoutes as error:
        return (), error.faults
    secrets = [each.reveal() for each in values.get("webhook_secrets", ())]
    named = {name: secret for name, secret in signers(secrets) if name}
    return routes, (*_too_short(named), *_unsigned(routes, named))


def _too_short(named: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the secrets that can be guessed; with the name before it, one was long enough."""
    for name, secret in named.items():
        if len(secret) < SHORTEST_SECRET:
            problem = f"the secret of {name} is shorter than {SHORTEST_SECRET} characters"
            yield Fault("SENTRY_WEBHOOK_SECRET", problem, REMEDIES["SENTRY_WEBHOOK_SECRET"])


def _unsigned(routes: Sequence[Route], named: Collection[str]) -> Iterator[Fault]:
    """Yield the routes of organizations that none of the secrets is of."""
    for route in routes:
        wanted = tuple(each for asked in route.conditions if asked.trait == "organization" for each in asked.patterns)
        if wanted and not any(is_one_of(wanted, name) for name in named):
            problem = f"line {route.line}: no secret is that of the organization {' or '.join(wanted)}"
            yield Fault(NAME, problem, "name it before its secret: SENTRY_WEBHOOK_SECRET=acme:…,other:…")
