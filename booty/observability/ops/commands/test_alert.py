"""`booty test-alert`: an alert of our own goes the whole way, from the public address to GitHub."""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from booty.observability.config.environment import GITHUBS
from booty.observability.config.settings import Settings
from booty.observability.exchange import NoAnswer, fetch
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import EX_NEEDS_PERSON, Unreachable, WrongSettings, asking_for_settings
from booty.observability.ops.console.given import Given
from booty.observability.ops.console.hidden import hide, secrets_in
from booty.observability.ops.console.output import show, show_json
from booty.observability.ops.doctor.check import Check
from booty.observability.ops.doctor.sentry import is_ours
from booty.observability.ops.test_alert.address import droplets_own, webhook_at
from booty.observability.ops.test_alert.answer import Reply, judge
from booty.observability.ops.test_alert.arrival import Repository
from booty.observability.ops.test_alert.body import SampleAlert
from booty.observability.ops.test_alert.report import Report, as_json, as_text
from booty.observability.remotes import github_for, sentry_for
from booty.observability.sentry.api.client import SentryTrouble
from booty.observability.sentry.api.setup import Integration, SentrySetup
from booty.observability.sentry.signature import sign

ROOT = Path("/")
NEEDED = (
    "SENTRY_WEBHOOK_SECRET",
    "TARGET_REPO_URL",
    *GITHUBS,
    "TRIGGER_LABEL",
    "BOOTY_PREVIEW",
)
SENTRYS = ("SENTRY_AUTH_TOKEN", "SENTRY_ORG", "SENTRY_URL")
"""To learn the address, where none is given."""
PATIENCE_SECONDS = 10.0
"""For an answer: one that comes after Sentry's second still says what is slow."""
PREVIEW = "BOOTY_PREVIEW is on: no issue would arrive on GitHub\n  script/alert sends an alert that becomes a file"
NO_ADDRESS = "which address does Sentry call? --url https://YOUR.SERVER"
DROPPED = "give GITHUB_TOKEN, or the App, 'Issues: read and write'; an account needs triage or push: booty doctor"


@click.command(cls=Command)
@click.option("--url", help="where Sentry calls the service; else what Sentry says, or nginx")
@click.option("--wait", "seconds", type=click.FloatRange(min=0), default=45.0, help="for the issue, in seconds (45)")
@is_json_option
@click.pass_obj
def command(given: Given, url: str | None, *, seconds: float, is_json: bool) -> int:
    """Send a signed alert to the public address, wait for its issue, close it as not planned.

    The issue has the label booty:test, and is handed to no agent.
    """
    settings = _settings(given, NEEDED if url is not None else (*NEEDED, *SENTRYS))
    address = webhook_at(url if url is not None else _own_address(settings) or "")
    if address is None:
        raise click.UsageError(NO_ADDRESS)
    report = _safe(_send(settings, address, seconds), secrets_in(given.environ))
    if is_json:
        show_json(as_json(report))
    else:
        show(as_text(report))
    return 0 if report.is_seen else EX_NEEDS_PERSON


def _own_address(settings: Settings) -> str | None:
    """Return the address that Sentry has of the service, else what nginx serves on this droplet."""
    found: tuple[Integration, ...] = ()
    if settings.sentry_auth_token is not None:
        with suppress(SentryTrouble):
            found = SentrySetup(sentry_for(settings)).integrations()
    return next((each.webhook_url for each in found if is_ours(each)), None) or droplets_own(ROOT)


def _settings(given: Given, needed: Collection[str]) -> Settings:
    """Return the settings that this needs; the state directory may be on another machine."""
    names = {*needed, *(f"{name}_FILE" for name in needed), "CREDENTIALS_DIRECTORY"}
    with asking_for_settings():
        asked = {name: value for name, value in given.environ.items() if name in names}
        settings = Settings.load(asked, is_directory_tried=False)
    if settings.preview:
        raise WrongSettings(PREVIEW)
    return settings


def _send(settings: Settings, address: str, seconds: float) -> Report:
    """Post a new test alert, follow it to its issue. Raises `Unreachable`."""
    alert = SampleAlert.new(now=time.time())
    secret = settings.webhook_secrets[0].reveal()
    reply = _post(address, alert.body(secret), secret)
    failures = tuple(judge(reply))
    report = Report(reply.answer.status, reply.seconds, None, None, (), failures)
    github = github_for(settings)
    if not reply.is_accepted or github is None:
        return report
    return _follow(report, alert, Repository(github, settings.repository, clock=time.time), settings, seconds)


def _post(address: str, body: bytes, secret: str) -> Reply:
    headers = {
        "Content-Type": "application/json",
        "Sentry-Hook-Resource": "event_alert",
        "Sentry-Hook-Signature": sign(body, secret),
    }
    began = time.monotonic()
    try:
        answer = fetch("POST", address, token="", seconds=PATIENCE_SECONDS, data=body, headers=headers)
    except NoAnswer as failure:
        remedy = "  Look at its DNS, certificate, firewall, and whether nginx and the service run: booty doctor"
        raise Unreachable(f"No answer from {address}: {failure}\n{remedy}") from None
    return Reply(answer, time.monotonic() - began)


def _follow(report: Report, alert: SampleAlert, repository: Repository, settings: Settings, seconds: float) -> Report:
    """Wait for the issue, look at it, close it."""
    arrival = repository.wait(alert, seconds=seconds)
    if arrival.number is None:
        seen = f"accepted, but no issue on GitHub: {arrival.reason}"
        then = "booty doctor, booty status, on the machine of the service"
        return replace(report, failures=(*report.failures, Check("issue", "FAIL", seen, then)))
    failures = list(report.failures)
    missing: tuple[str, ...] = ()
    try:
        missing, is_dropped = repository.missing_labels(arrival.number, settings.trigger_label)
        if is_dropped:
            failures.append(Check("labels", "FAIL", "GitHub left labels out of the issue", DROPPED))
    except (Refused, Postponed, Unknown) as failure:
        failures.append(Check("labels", "FAIL", str(failure), "booty doctor"))
    if (fault := repository.close(arrival.number)) is not None:
        failures.append(fault)
    filed_in = arrival.at - alert.at
    return replace(report, number=arrival.number, filed_in=filed_in, missing=missing, failures=tuple(failures))


def _safe(report: Report, secrets: tuple[str, ...]) -> Report:
    """Return the report without any secret in its words."""
    hidden = (replace(each, seen=hide(each.seen, secrets), then=hide(each.then, secrets)) for each in report.failures)
    return replace(report, failures=tuple(hidden))
