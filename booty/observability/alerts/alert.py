"""The alert: what Sentry sent, in our own words, frozen.

Every text in it comes from outside and is hostile; `keeping` makes it fit to be stored, `untrusted` to be published.
New fields need a default: an older release must be able to read what a newer one stored, and the other way round.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, Self

from booty.observability.alerts.keeping.value import Unreadable, Value
from booty.observability.alerts.severity import Severity


class Frame(Value, frozen=True, kw_only=True):
    """One call of a stack; any part of it may be unknown."""

    path: str | None = None
    """As Sentry shows it, usually relative to the repository or the package; of a URL only the path."""
    absolute_path: str | None = None
    """Where the file lay on the machine that ran it, when that is not `path`."""
    module: str | None = None
    """The module or class with its package, such as `com.example.Cart`."""
    function: str | None = None
    line: int | None = None
    before: tuple[str, ...] = ()
    """The source lines above `source`; only where the crash is likely to be looked for."""
    source: str | None = None
    after: tuple[str, ...] = ()
    locals: tuple[tuple[str, str], ...] = ()
    """The local variables, name by value; only of the frame that crashed, and only where they are wanted."""
    in_app: bool = False
    package: str | None = None
    """The binary or jar of a native frame without a path."""
    address: str | None = None
    """The instruction address of a native frame, such as `0x7ff6a1b2`."""
    times: int = 1
    """How many times in a row the stack holds this call, as in a recursion."""
    left_out: int = 0
    """How many calls were left out between this one and the next older one that is kept."""


class Raised(Value, frozen=True, kw_only=True):
    """One exception of the chain; `frames` run from the oldest call to the crash."""

    type: str | None = None
    message: str | None = None
    frames: tuple[Frame, ...] = ()


class Breadcrumb(Value, frozen=True, kw_only=True):
    """One thing that happened before the crash; `text` is never empty."""

    at: datetime | None = None
    category: str | None = None
    level: str | None = None
    text: str


class Request(Value, frozen=True, kw_only=True):
    """The web request in which the error was raised; `path` has neither host nor query."""

    method: str | None = None
    path: str | None = None


class Alert(Value, frozen=True, kw_only=True):
    """One alert, ready to be decided about, stored and rendered."""

    kind: Literal["event", "metric"] = "event"
    fingerprint: str
    """Our dedup key, `<project>:<issue_id>` for an event; only `[A-Za-z0-9_.:]`, at most 128 characters."""
    event: str
    """The id of this very occurrence; only `[A-Za-z0-9_.:]`, at most 64 characters."""
    severity: Severity
    project: str | None = None
    """The project's slug, or its number when no slug is known."""
    title: str | None = None
    message: str | None = None
    detected: str | None = None
    """What Sentry itself found, such as `N+1 Query` or `CSP violation`, where no program reported an error."""
    category: str = "error"
    """What kind of problem it is, as Sentry sorts them, such as `performance` or `feedback`."""
    details: tuple[tuple[str, str], ...] = ()
    """What Sentry's detector says of what it found, name by value: a metric's value, a cron monitor's schedule."""
    culprit: str | None = None
    environment: str | None = None
    release: str | None = None
    occurred_at: datetime | None = None
    rule: str | None = None
    """The name of the alert rule that fired."""
    sentry_url: str | None = None
    """The address of the problem in Sentry, for people, as the body named it: of any host."""
    raised: tuple[Raised, ...] = ()
    """The exception that was raised first, then its causes, outermost to root."""
    raised_left_out: int = 0
    """How many causes were left out before the last one, which is the root."""
    is_handled: bool | None = None
    """The program caught the exception itself; None where nobody says."""
    stack: tuple[Frame, ...] = ()
    """The crashed thread's or the message's own stack, oldest call first, when no exception carries one."""
    request: Request | None = None
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    """The last ones, oldest first, debug ones left out."""
    breadcrumbs_before: int = 0
    """How many more the event had, before the first of these."""
    contexts: tuple[tuple[str, str], ...] = ()
    """What it ran on, such as `("runtime", "CPython 3.11.7")`."""
    tags: tuple[tuple[str, str], ...] = ()
    """Sentry's tags, key by value, in Sentry's order."""
    is_test: bool = False
    """The operator sent it, to see issues arrive: its issue is not handed to anybody."""
    own: bool = False
    """The alert is about this alert path itself, and must not become an issue."""
    aliases: tuple[str, ...] = ()
    """Other names of the same problem: a metric's rule has one as an alert of its own and one as Sentry's issue."""
    incident: int | None = None
    """Which firing of a metric's rule it is; later ones have greater numbers."""
    is_brief: bool = False
    """Only what decides is known: enough to tell an issue of it, not to make one."""
    is_reconciled: bool = False
    """No webhook brought it: it was found by asking Sentry."""
    lacks_event: bool = False
    """Only Sentry's list of problems told of it: no event of it could be read."""
    is_regression: bool = False
    """Sentry itself says that the problem came back after it was resolved, in whatever release."""
    first_seen: datetime | None = None
    """When Sentry saw the problem first, where it was asked."""

    @classmethod
    def read(cls, record: object) -> Self:
        """As `Value.read`; an alert that was kept in mind has its time as unix seconds."""
        seconds = record.get("occurred_at") if isinstance(record, dict) else None
        if isinstance(record, dict) and isinstance(seconds, int | float):
            try:
                record = record | {"occurred_at": datetime.fromtimestamp(seconds, UTC)}
            except (ValueError, OverflowError, OSError):
                raise Unreadable("occurred_at") from None
        return super().read(record)

    @property
    def whole(self) -> Alert:
        """The alert itself, which is whole already."""
        return self

    def marked(self, mark: str) -> Alert:
        """Return the alert with `mark` after each name of its problem."""
        aliases = tuple(f"{each}{mark}" for each in self.aliases)
        return self.but(fingerprint=f"{self.fingerprint}{mark}", aliases=aliases)
