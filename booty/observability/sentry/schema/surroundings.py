"""What an event brings beside what broke, in Sentry's shape: breadcrumbs, contexts, the request, the user."""

from __future__ import annotations

from typing import Any

from msgspec import Raw

from booty.observability.sentry.schema.occurrence import SentFeedback, SentMonitor
from booty.observability.sentry.schema.reading.fitting import mapping, picked
from booty.observability.sentry.schema.reading.once import once
from booty.observability.sentry.schema.reading.typed import Moment, Text, Typed, later


class SentBreadcrumb(Typed):
    """What happened before; both message and data are optional."""

    timestamp: Moment = None
    type: Text = None
    category: Text = None
    level: Text = None
    message: Text = None
    raw_data: Raw = later("data")

    @property
    def data(self) -> dict[str, Any]:
        """What else is known of it."""
        return mapping(self.raw_data)


class SentContext(Typed):
    """One piece of the surroundings, such as the operating system."""

    name: Text = None
    version: Text = None
    model: Text = None
    family: Text = None


class SentContexts(Typed, dict=True, gc=True):
    """The surroundings worth showing."""

    runtime: SentContext | None = None
    os: SentContext | None = None
    client_os: SentContext | None = None
    browser: SentContext | None = None
    device: SentContext | None = None
    raw_monitor: Raw = later("monitor")
    raw_feedback: Raw = later("feedback")

    @once
    def monitor(self) -> SentMonitor | None:
        """The cron monitor."""
        return picked(SentMonitor, self.raw_monitor)

    @once
    def feedback(self) -> SentFeedback | None:
        """What a user wrote."""
        return picked(SentFeedback, self.raw_feedback)


class SentLogEntry(Typed):
    """A message, with and without its parameters."""

    formatted: Text = None
    message: Text = None


class SentMetadata(Typed):
    """What Sentry made of the event."""

    title: Text = None


class SentRequest(Typed):
    """The web request."""

    url: Text = None
    method: Text = None


class SentUser(Typed):
    """Who it happened to."""

    email: Text = None
    name: Text = None
    username: Text = None


class SentExtra(Typed):
    """What the program added."""

    serialized: Raw = later("__serialized__")
