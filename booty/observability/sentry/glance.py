"""What the decision about an alert needs of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.severity import Severity
from booty.observability.sentry.schema.reading.once import once


class Origin(NamedTuple):
    """Where an alert comes from, for those who look back; each as it was sent, or None."""

    project: str | None = None
    rule: str | None = None
    title: str | None = None
    tags: tuple[tuple[str, str], ...] = ()


class Glance(Struct, frozen=True, dict=True):
    """What the decision about an alert needs; the rest is read only when somebody asks for the `whole`.

    Of a storm nearly all alerts are counted and no more: reading all of them would be most of the work.
    """

    fingerprint: str
    event: str
    severity: Severity
    read_whole: Callable[[Glance], Alert]
    category: str = "error"
    release: str | None = None
    environment: str | None = None
    occurred_at: datetime | None = None
    sentry_url: str | None = None
    own: bool = False
    is_test: bool = False
    kind: Literal["event", "metric"] = "event"
    aliases: tuple[str, ...] = ()
    incident: int | None = None
    is_reconciled: bool = False
    is_regression: bool = False
    installation: str | None = None
    """Which installation of the integration sent it."""
    read_origin: Callable[[], Origin] = Origin

    @once
    def _origin(self) -> Origin:
        return self.read_origin()

    @property
    def project(self) -> str | None:
        """The project's slug, or its number when no slug is known."""
        return self._origin.project

    @property
    def rule(self) -> str | None:
        """The name of the alert rule that fired."""
        return self._origin.rule

    @property
    def title(self) -> str | None:
        """What Sentry calls the problem."""
        return self._origin.title

    @property
    def tags(self) -> tuple[tuple[str, str], ...]:
        """Sentry's tags, key by value."""
        return self._origin.tags

    @once
    def whole(self) -> Alert:
        """The alert with all that it brings."""
        return self.read_whole(self)

    def marked(self, mark: str) -> Glance:
        """Return it with `mark` after each name of its problem."""
        names = tuple(f"{each}{mark}" for each in self.aliases)
        return replace(self, fingerprint=f"{self.fingerprint}{mark}", aliases=names)
