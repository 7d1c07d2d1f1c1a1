"""What the routes need of the rest of the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from booty.observability.alerts.routing.way import Routing
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.with_sentry.installation import Installation
from booty.observability.webhook.draining import Draining

NAME = "observability"
"""Under it, the app's extensions hold the service."""


class Loop(Protocol):
    """Work in a thread of its own beside the requests."""

    def wake(self) -> None:
        """Do what is due now; the first call in a process starts the thread."""

    def stop(self) -> None:
        """Finish what is under way; begin nothing more."""


@dataclass(frozen=True, slots=True)
class Observability:
    """What the routes need: one frozen value in `app.extensions`."""

    secrets: tuple[str, ...]
    routing: Routing
    """Where alerts go, on which terms."""
    release: str | None
    claims: Claims
    """The webhook's door to the ledger."""
    loops: tuple[Loop, ...]
    """Empty in a candidate release, which must not file anything."""
    pages: SentryPages
    """The pages of Sentry that log lines may name."""
    has_locals: bool
    """The local variables of a crash are kept and shown."""
    is_following: bool
    """Status changes from Sentry are passed on to the problem's issue."""
    installation: Installation | None = None
    """Where it is remembered which installation of the integration sends, if anybody wants to know."""
    organizations: tuple[str | None, ...] = ()
    """Whose each of the secrets is, where it has a name."""
    notes: Notes | None = None
    """Where it is noted that Sentry was heard of, if anybody wants to know."""
    draining: Draining | None = None
    """Whether this host is leaving, where it is one of several that share a ledger."""

    def start(self) -> None:
        """Deliver what an earlier process left; to be called in a worker, after the fork."""
        for loop in self.loops:
            loop.wake()

    def stop(self) -> None:
        """Finish the delivery in flight; to be called before the worker ends."""
        for loop in reversed(self.loops):
            loop.stop()
        self.claims.flush()
