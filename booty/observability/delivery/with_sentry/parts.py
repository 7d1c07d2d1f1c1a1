"""The parts that ask Sentry, as the settings call for them."""

from __future__ import annotations

from collections.abc import Callable

from booty.observability.config import Settings
from booty.observability.config.routes.in_force import routing_of, signers_of
from booty.observability.delivery.with_sentry.catching_up import CatchingUp
from booty.observability.delivery.with_sentry.linking import Linking
from booty.observability.delivery.with_sentry.loop import SentryLoop
from booty.observability.delivery.with_sentry.reconciliation import Reconciliation
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.with_sentry.arrived import Arrivals
from booty.observability.ledger.with_sentry.installation import Installation
from booty.observability.ledger.with_sentry.link_book import LinkBook
from booty.observability.ledger.with_sentry.reading_book import ReadingBook
from booty.observability.sentry.api.client import SentryApi
from booty.observability.sentry.api.links import SentryLinks
from booty.observability.sentry.api.problems import SentryProblems


def loop_for(
    settings: Settings, api: SentryApi, engine: Engine, *, on_claim: Callable[[], None], keep_seconds: float
) -> SentryLoop:
    """Return the loop of a service, not started; `on_claim` is called when something may be owed.

    A history is kept for `keep_seconds`.
    """
    linking = Linking(LinkBook(engine), Installation(engine), SentryLinks(api, repository=settings.repository))
    if settings.reconcile == "0":
        return SentryLoop(linking.cycle)
    claims = claims_for(settings, engine, keep_seconds=keep_seconds, repository=settings.repository)
    reconciliation, is_always = reconciliation_for(settings, api, engine, claims), settings.reconcile == "all"
    catching_up = CatchingUp(ReadingBook(engine), reconciliation, is_always=is_always, on_claim=on_claim)
    return SentryLoop(linking.cycle, catching_up.cycle)


def reconciliation_for(settings: Settings, api: SentryApi, engine: Engine, claims: Claims | None) -> Reconciliation:
    """Return what compares Sentry with the ledger; without `claims` it only looks."""
    problems, names = SentryProblems(api, with_locals=settings.locals), {name for name, _ in signers_of(settings)}
    organization = settings.sentry_org if settings.sentry_org in names else None
    return Reconciliation(problems, Arrivals(engine), routing_of(settings), claims, organization)


def claims_for(settings: Settings, engine: Engine, *, keep_seconds: float, repository: str) -> Claims:
    """Return the door for what is found; a history is kept for `keep_seconds`.

    `repository` is that of the settings, "" where nobody says.
    """
    is_masked = settings.personal_data == "masked"
    return Claims(engine, keep_seconds=keep_seconds, is_masked=is_masked, repository=repository)
