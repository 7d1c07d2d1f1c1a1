"""What Sentry says of the token, the integration that it belongs to, the webhooks that it sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlsplit

from booty.observability.ops.console.moments import moment
from booty.observability.ops.doctor.check import Check, Level, unasked, worst_of
from booty.observability.sentry.api.client import Absent, Denied, SentryTrouble
from booty.observability.sentry.api.setup import Integration, Sent, SentrySetup

NAMES = ("scopes", "installation", "webhook", "requests")
PATH = "/webhooks/sentry"
WRITING, READING = (
    frozenset({"event:write", "event:admin"}),
    frozenset({"project:read", "project:write", "project:admin"}),
)
PAGE = "Sentry > Settings > Custom Integrations > {slug}"
UNREACHED = "if it is not over in a minute: look at SENTRY_URL, the network, DNS, a proxy"
AGAIN = "wait a minute, then: booty doctor"
LOST = "give the integration 'Organization: Read', or look at Sentry > Settings > Custom Integrations"
FAILED = 300
"""Sentry counts a redirect as delivered; the alert is lost all the same."""


def check_sentry(setup: SentrySetup, *, now: float) -> Iterator[Check]:
    """Yield the checks; `now` in unix seconds."""
    try:
        scopes = setup.scopes()
        yield Check("sentry", "ok", "Sentry accepts SENTRY_AUTH_TOKEN")
    except SentryTrouble as trouble:
        is_limited = trouble.pause_seconds is not None
        then = AGAIN if is_limited else trouble.remedy or UNREACHED
        yield Check("sentry", "warn" if is_limited else "FAIL", str(trouble), then)
        yield from (unasked(name, because="see sentry") for name in NAMES)
        return
    yield check_scopes(scopes)
    try:
        found = setup.integrations()
    except SentryTrouble as trouble:
        yield _unseen(trouble)
        yield from (unasked(name, because="see installation") for name in NAMES[2:])
        return
    yield from _integration(setup, found, now=now)


def _unseen(trouble: SentryTrouble) -> Check:
    """Say why no integration is seen: without a permission that is needed for nothing else, that is no failure."""
    if isinstance(trouble, Absent):
        return Check("installation", "FAIL", "Sentry knows no such organization", trouble.remedy or UNREACHED)
    then = LOST if isinstance(trouble, Denied) else trouble.remedy or UNREACHED
    return Check("installation", "warn", str(trouble), then)


def check_scopes(scopes: Collection[str]) -> Check:
    """Say whether the token may do what the service does with it."""
    return worst_of("scopes", _lacking(scopes), otherwise=f"it has {', '.join(sorted(scopes))}")


def _lacking(scopes: Collection[str]) -> Iterator[tuple[Level, str, str]]:
    if not scopes:
        yield "warn", "Sentry does not say what the token may do", "look at the integration's permissions"
        return
    if not WRITING.intersection(scopes):
        then = "give the integration 'Issue & Event: Read & Write'"
        yield "FAIL", "no event:write: nothing is resolved or linked in Sentry", then
    if not READING.intersection(scopes):
        yield "warn", "no project:read: what never arrived is filed without its event", "give it 'Project: Read'"


def _integration(setup: SentrySetup, found: Sequence[Integration], *, now: float) -> Iterator[Check]:
    """Yield the checks of the integration whose webhooks are ours, or of the one that may be meant to be."""
    if not found:
        then = "make an internal integration (docs/connecting.md, Sentry), and set its token and client secret"
        yield Check("installation", "FAIL", "no integration is installed in the organization", then)
        yield from (unasked(name, because="see installation") for name in NAMES[2:])
        return
    ours = next((each for each in found if is_ours(each)), found[0])
    yield Check("installation", "ok", f"{ours.slug} is installed")
    webhook = check_webhook(ours)
    yield webhook
    try:
        yield check_requests(setup.requests(ours.slug), slug=ours.slug, now=now, is_explained=webhook.is_failed)
    except SentryTrouble as trouble:
        yield Check("requests", "warn", f"Sentry does not tell: {trouble}", _dashboard(ours.slug))


def check_webhook(integration: Integration) -> Check:
    """Say whether Sentry calls the service, and with what."""
    page = PAGE.format(slug=integration.slug)
    return worst_of("webhook", _astray(integration, page), otherwise=f"Sentry calls {integration.webhook_url}")


def _astray(integration: Integration, page: str) -> Iterator[tuple[Level, str, str]]:
    if not is_ours(integration):
        seen = f"Sentry calls {integration.webhook_url or 'nobody'}"
        yield "FAIL", seen, f"set the webhook URL to https://YOUR.SERVER{PATH}: {page}"
    elif urlsplit(integration.webhook_url or "").scheme != "https":
        yield "warn", f"Sentry calls {integration.webhook_url}, which anybody on the way can read", f"use https: {page}"
    if not integration.is_alertable:
        yield "FAIL", "no alert rule can use the integration", f"switch Alert Rule Action on: {page}"
    if "issue" not in integration.events:
        yield "warn", "what happens in Sentry does not reach the issue", f"tick issue under Webhooks: {page}"


def is_ours(integration: Integration) -> bool:
    """Return whether its webhooks go to a service like this one."""
    try:
        path = urlsplit(integration.webhook_url or "").path
    except ValueError:
        return False
    return path.rstrip("/").endswith(PATH)


def check_requests(sent: Sequence[Sent], *, slug: str, now: float, is_explained: bool) -> Check:
    """Judge the last webhooks, newest first; `is_explained`: another check says why they fail."""
    if not sent:
        return Check("requests", "warn", "Sentry has sent nothing in 30 days", "give an alert rule the integration")
    failed = [each for each in sent if not 0 < each.code < FAILED]
    last = sent[0]
    when = f", {moment(last.at, now=now)}" if last.at is not None else ""
    if last in failed:
        answered = f"was answered with {last.code}" if last.code else "had no answer within a second"
        level: Level = "warn" if is_explained else "FAIL"
        return Check("requests", level, f"the last {answered}{when}", f"booty test-alert; {_dashboard(slug)}")
    if failed:
        seen = f"{len(failed)} of the last {len(sent)} failed; the last was answered with {last.code}{when}"
        return Check("requests", "warn", seen, f"booty reconcile --since 24h; {_dashboard(slug)}")
    return Check("requests", "ok", f"the last {len(sent)} arrived{when}")


def _dashboard(slug: str) -> str:
    return f"{PAGE.format(slug=slug)} > Dashboard"
