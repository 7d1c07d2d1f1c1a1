"""What the decision about an alert needs of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.severity import Severity


@dataclass(frozen=True)
class Glance:
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
    kind: Literal["event", "metric"] = "event"
    aliases: tuple[str, ...] = ()
    incident: int | None = None
    is_regression: bool = False

    @cached_property
    def whole(self) -> Alert:
        """The alert with all that it brings."""
        return self.read_whole(self)
