"""The routes of the settings as the service follows them."""

from __future__ import annotations

from booty.observability.alerts.routing.way import Routing
from booty.observability.config.kinds.secrets import SHORTEST_SECRET
from booty.observability.config.routes.organizations import signers
from booty.observability.config.settings import Settings


def routing_of(settings: Settings) -> Routing:
    """Return what decides where an alert goes."""
    return Routing(settings.policy, settings.repository, settings.routes or ())


def signers_of(settings: Settings) -> tuple[tuple[str | None, str], ...]:
    """Return the secrets that sign webhooks, each after the name of its organization, None where it has none.

    What looks like a name with a secret may be a secret as a whole, so that it counts as that, too. Where nobody asks
    for names, what stands behind one may be short enough to be guessed: then it counts as a whole alone.
    """
    secrets = [secret.reveal() for secret in settings.webhook_secrets]
    named = [(name, rest) for name, rest in signers(secrets) if name and len(rest) >= SHORTEST_SECRET]
    return (*named, *((None, secret) for secret in secrets))
