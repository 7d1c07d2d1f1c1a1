"""The composition root: builds every part that the settings call for; mounts them in a Flask app."""

from __future__ import annotations

import logging

from flask import Flask

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config import Settings
from booty.observability.config.routes.in_force import routing_of, signers_of
from booty.observability.hosting import START_SECONDS, Hosted
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.spool.claims import SpoolingClaims
from booty.observability.ledger.spool.spool import Spool
from booty.observability.ledger.spool.standing import SPOOL
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.with_sentry.installation import Installation
from booty.observability.ledgers import PAGE_SECONDS, engine_for, is_shared, require_ledger, store_for
from booty.observability.loops import loops_for
from booty.observability.ops import error_reports, logs
from booty.observability.ops.announcement import tell_start
from booty.observability.webhook.draining import Draining
from booty.observability.webhook.health import blueprint as health_blueprint
from booty.observability.webhook.health import hosts_own
from booty.observability.webhook.routes import blueprint as routes
from booty.observability.webhook.service import NAME, Observability

HOSTED, INHERITED = f"{NAME}.hosted", f"{NAME}.inherited"
KEEP_SECONDS = 30 * 24 * 3600.0
"""For how long a settled alert is remembered, at least."""
DAY_SECONDS = 24 * 3600.0


log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings, *, health: bool = True) -> Observability:
    """Mount the webhook in any Flask app, with `/health` unless `health` is False; deliveries start by themselves.

    What changes in the app: it has our two routes, and `app.extensions["observability"]` is what is returned; it stops
    redirecting doubled slashes, everywhere (Sentry would count that redirect as a delivery). A `/health` of the app's
    own answers instead of ours, whenever it is added.
    What changes in the process: the logger `booty` is set to INFO unless it has a level, and shows its lines on stderr
    as long as neither it nor the root has a handler. What sentry-sdk reports of our code is tagged and redacted, so
    that it never becomes an alert to itself. Some seconds later, in this process or in those that it forks meanwhile,
    the courier's thread opens the ledger and delivers what an earlier process left; at the process's end it finishes
    what is under way.
    Raises `InvalidSettings` where the ledger's database is not fit for use.
    """
    observability = mount(app, settings, health=health)
    logs.show_in_a_host()
    error_reports.mark_in_a_host()
    tell_start(settings)

    def start() -> None:
        if health and hosts_own(app) is not None:
            log.info("health_left_to_host", extra={"reason": "the application has a /health of its own"})
        app.extensions[NAME].start()

    def stop() -> None:
        app.extensions[NAME].stop()

    def renew() -> None:
        app.extensions[INHERITED].append(app.extensions[NAME])  # to close its files would drop our own locks on them
        app.extensions[NAME] = build(settings)

    app.extensions[INHERITED] = []
    app.extensions[HOSTED] = Hosted(start=start, stop=stop, renew=renew, seconds=START_SECONDS)
    return observability


def mount(app: Flask, settings: Settings, *, health: bool = True) -> Observability:
    """Mount the routes and no more: nothing is opened or started before the first request, or `start`.

    Raises `InvalidSettings` where the ledger's database is not fit for use.
    """
    require_ledger(settings)
    app.extensions[NAME] = observability = build(settings)
    app.url_map.merge_slashes = False  # it would answer a doubled slash with 308
    app.register_blueprint(routes)
    if health:
        app.register_blueprint(health_blueprint)
    if settings.page_password is not None:
        from booty.observability.ops.page.routes import blueprint_for  # noqa: PLC0415 - only where it is switched on

        url = settings.ledger_url.reveal() if settings.ledger_url and is_shared(settings) else None
        store = store_for(settings.state_dir, url, patience=PAGE_SECONDS)
        app.register_blueprint(blueprint_for(settings, store, settings.page_password.reveal()))
    return observability


def build(settings: Settings) -> Observability:
    """Return the parts; nothing is opened or started yet."""
    engine, keep_seconds = engine_for(settings), history_seconds(settings)
    claims = _claims(settings, engine, keep_seconds)
    signers = signers_of(settings)
    notes = Notes() if settings.is_watched or settings.metrics_bind else None
    return Observability(
        secrets=tuple(secret for _, secret in signers),
        organizations=tuple(organization for organization, _ in signers),
        routing=routing_of(settings),
        release=settings.sentry_release,
        claims=claims,
        loops=loops_for(settings, engine, claims, notes, keep_seconds=keep_seconds),
        pages=SentryPages(settings.sentry_url),
        has_locals=settings.locals,
        is_following=settings.follow,
        notes=notes,
        installation=Installation(engine) if settings.sentry_auth_token is not None else None,
        draining=Draining() if is_shared(settings) else None,
    )


def _claims(settings: Settings, engine: Engine, keep_seconds: float) -> Claims:
    """Return the webhook's door; before a database stands a spool on this machine's disk."""
    is_masked, repository = settings.personal_data == "masked", settings.repository
    if not is_shared(settings):
        return Claims(engine, keep_seconds=keep_seconds, is_masked=is_masked, repository=repository)
    spool = Spool(settings.state_dir / SPOOL)
    return SpoolingClaims(engine, spool, keep_seconds=keep_seconds, is_masked=is_masked, repository=repository)


def history_seconds(settings: Settings) -> float:
    """Return for how long the ledger remembers what was settled."""
    routed = (route.cooldown_hours * 3600 for route in settings.routes or () if route.cooldown_hours)
    return max(KEEP_SECONDS, settings.cooldown_seconds, settings.reopen_window_days * DAY_SECONDS, *routed)
