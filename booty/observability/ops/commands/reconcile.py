"""`booty reconcile`: what Sentry saw that never arrived is fetched, then claimed."""

from __future__ import annotations

import time

import click

from booty.observability.alerts.listed_problem import Report
from booty.observability.config import Settings
from booty.observability.config.environment import lacks
from booty.observability.delivery.with_sentry.parts import claims_for, reconciliation_for
from booty.observability.ledger.engines.engine import Engine, NoAccess
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import (
    EX_NEEDS_PERSON,
    NoSuchThing,
    Unreachable,
    WrongSettings,
    reaching_the_ledger,
)
from booty.observability.ops.console.given import UNASKED, Given
from booty.observability.ops.console.output import show, show_json
from booty.observability.ops.console.since import Since
from booty.observability.ops.reconcile_text import as_json, as_text
from booty.observability.remotes import sentry_for
from booty.observability.sentry.api.client import Denied, SentryTrouble
from booty.observability.wiring import history_seconds

SENTRYS = ("SENTRY_AUTH_TOKEN", "SENTRY_ORG")
TARGET = "TARGET_REPO_URL"
ROUTED = ("OBSV_ROUTES", "SENTRY_WEBHOOK_SECRET")
"""Where the routes are followed; a route may be an organization's, whose secret has its name."""
ASKED_FOR = (
    *SENTRYS,
    "SENTRY_URL",
    "SENTRY_RELEASE",
    "OBSV_MIN_SEVERITY",
    "OBSV_MIN_SEVERITY_PERFORMANCE",
    "OBSV_MIN_SEVERITY_FEEDBACK",
    "OBSV_MIN_SEVERITY_CRON",
    "OBSV_MIN_SEVERITY_UPTIME",
    "OBSV_MIN_SEVERITY_METRIC",
    "OBSV_COOLDOWN_HOURS",
    "OBSV_FOLLOW",
    "OBSV_REOPEN_WINDOW_DAYS",
    "OBSV_LOCALS",
    "OBSV_PERSONAL_DATA",
)


@click.command(cls=Command)
@click.option("--since", type=Since(), default="6h", help="how far back, such as 6h or 2d, or a time; default 6h")
@click.option("--dry-run", "is_dry", is_flag=True, help="only show what is missing")
@is_json_option
@click.pass_obj
def command(given: Given, *, since: float, is_dry: bool, is_json: bool) -> int:
    """Fetch from Sentry the problems that are new or came back, but of which no alert came, and file them.

    At most 20 at once, oldest first; run it again for the rest. Only projects that an alert came from in the last 30
    days are looked at, and only what OBSV_MIN_SEVERITY lets pass.
    """
    settings, now = _settings(given), time.time()
    with reaching_the_ledger():
        store = given.store()
        seen = store.survey()
        if seen.unreached is not None:
            raise NoAccess(seen.unreached)
        if seen.ledger is None:
            raise NoSuchThing("no alert ever came here: reconciling compares Sentry with what did")
        with store.engine() as engine:
            report = _reconcile(settings, engine, since=since, until=now, is_dry=is_dry)
    if is_json:
        show_json(as_json(report, since=since, until=now))
    else:
        show(as_text(report, since=since, now=now))
    return EX_NEEDS_PERSON if report.left else 0


def _settings(given: Given) -> Settings:
    """Return what the command needs, the service's own state directory in it. Raises `WrongSettings`."""
    missing = [name for name in SENTRYS if lacks(given.environ, name)]
    if missing:
        raise WrongSettings(f"{' and '.join(missing)}: not set; docs/connecting.md says where to get them")
    is_routed, has_target = (not lacks(given.environ, name) for name in ("OBSV_ROUTES", TARGET))
    more = (*(ROUTED if is_routed else ()), *((TARGET, "GITHUB_API_URL") if is_routed or has_target else ()))
    return given.settings_for(*ASKED_FOR, *more)


def _reconcile(settings: Settings, engine: Engine, *, since: float, until: float, is_dry: bool) -> Report:
    """Compare, then claim unless `is_dry`. Raises `Unreachable`, `WrongSettings`, `NotStored`."""
    api = sentry_for(settings)
    repository = "" if settings.repository == UNASKED[TARGET] else settings.repository
    seconds = history_seconds(settings)
    claims = None if is_dry else claims_for(settings, engine, keep_seconds=seconds, repository=repository)
    reconciliation = reconciliation_for(settings, api, engine, claims)
    try:
        return reconciliation.run(since=since, until=until)
    except Denied as refusal:
        raise WrongSettings(f"{refusal}: {refusal.remedy}") from None
    except SentryTrouble as trouble:
        remedy = trouble.remedy or "check SENTRY_URL, and the way there; booty doctor looks at both"
        raise Unreachable(f"Sentry cannot be asked: {trouble}; {remedy}") from None
    finally:
        engine.close()
