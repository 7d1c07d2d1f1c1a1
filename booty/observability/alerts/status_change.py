"""A change in the life of a problem, as Sentry tells it: created, resolved, unresolved, muted."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from booty.observability.alerts.keeping.value import Value

Change = Literal["created", "resolved", "unresolved", "muted"]


class StatusChange(Value, frozen=True, kw_only=True):
    """One change in the life of a problem."""

    fingerprint: str
    """The one that alerts about the same problem have."""
    change: Change
    key: str
    """The same for a body that comes twice: 32 hex digits."""
    actor: str | None = None
    """Who did it, as Sentry names them: a person, an integration, or Sentry itself."""
    by_person: bool = False
    release: str | None = None
    """The release in which it is resolved, when Sentry was told of one."""
    is_regression: bool = False
    """Sentry saw it again after it was resolved."""
    last_seen: datetime | None = None
    first_seen: datetime | None = None
    """When Sentry saw the problem first."""
    events: int | None = None
    """How many events of it Sentry has counted by then, of how many `users`."""
    users: int | None = None
    aliases: tuple[str, ...] = ()
    """Other names of the same problem, as in `Alert`."""
    short_id: str | None = None
    """Its name for people in Sentry, such as `SHOP-4F`."""
    sentry_url: str | None = None
    """The problem's page in Sentry, as the body names it."""
    incident: int | None = None
    """Which firing of a metric's rule has ended."""
