"""How an internal integration is set up in Sentry, as far as its token may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from booty.observability.sentry.api.client import SentryApi, SentryTrouble
from booty.observability.sentry.schema.reading.by_path import Picked, read, rows
from booty.observability.sentry.schema.reading.repair import NotAnObject
from booty.observability.sentry.schema.setup import SentApp, SentIndex, SentInstallation, SentRequest

READ_ORGANIZATION = "Organization: Read"
P = TypeVar("P", bound=Picked)


@dataclass(frozen=True, slots=True)
class Integration:
    """An integration that is installed; `events` are the resources whose webhooks it gets besides alerts."""

    slug: str
    webhook_url: str | None
    is_alertable: bool
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A webhook that Sentry sent: when (unix seconds), how it was answered, 0 for not in time."""

    code: int
    at: float | None


class SentrySetup:
    """The set-up in one organization; every method raises `SentryTrouble`."""

    def __init__(self, api: SentryApi) -> None:
        """Take the API; nothing is sent yet."""
        self._api = api

    def scopes(self) -> frozenset[str]:
        """Return what the token may do; empty where Sentry does not say."""
        return frozenset(_read(SentIndex, self._api.call("GET", "/", permission=READ_ORGANIZATION).body).scopes)

    def integrations(self) -> tuple[Integration, ...]:
        """Return the integrations that are installed in the organization, without those that this token may not see."""
        path = f"/organizations/{self._api.organization}/sentry-app-installations/"
        slugs = [each.slug for each in self._rows(SentInstallation, path) if each.slug]
        found, unseen = [], None
        for slug in slugs:
            try:
                found.append(self._integration(slug))
            except SentryTrouble as trouble:
                unseen = trouble
        if unseen is not None and not found:
            raise unseen
        return tuple(found)

    def _integration(self, slug: str) -> Integration:
        app = _read(SentApp, self._api.call("GET", f"/sentry-apps/{slug}/", permission=READ_ORGANIZATION).body)
        return Integration(slug, app.webhook_url, bool(app.is_alertable), app.events)

    def requests(self, slug: str) -> tuple[Sent, ...]:
        """Return the last webhooks of an integration, newest first."""
        found = self._rows(SentRequest, f"/sentry-apps/{slug}/requests/")
        sent = [
            Sent(each.code, each.sent_at.timestamp() if each.sent_at else None)
            for each in found
            if each.code is not None
        ]
        return tuple(sorted(sent, key=lambda each: each.at or 0.0, reverse=True))

    def _rows(self, kind: type[P], path: str) -> tuple[P, ...]:
        body = self._api.call("GET", path, permission=READ_ORGANIZATION).body
        try:
            return rows(kind, body)
        except NotAnObject:
            raise _nonsense() from None


def _read(kind: type[P], body: bytes) -> P:
    try:
        return read(kind, body)
    except NotAnObject:
        raise _nonsense() from None


def _nonsense() -> SentryTrouble:
    return SentryTrouble("what answered is not Sentry's API", is_permanent=False, remedy="check SENTRY_URL")
