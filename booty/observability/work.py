"""Owed work, as it is leased and given back."""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.alert import Alert
from booty.observability.life import Life
from booty.observability.news import News

NEWS = "~"
"""Stands before the name of work that is about news; no fingerprint has it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A post of unknown outcome: when it began (unix seconds), and how often its issue was looked for in vain."""

    began_at: float
    looks: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """The terms on which work is held: the lease's name, and what is known from earlier holders."""

    name: str
    attempt: Attempt | None
    failures: int


@dataclass(frozen=True, slots=True)
class Owed:
    """Leased work: file this alert.

    `attempt` is the post whose outcome is unknown, None when there is none; `failures` counts the calls to GitHub that
    failed in a row, whatever they were for.
    """

    alert: Alert
    lease: str
    attempt: Attempt | None
    failures: int
    life: Life

    @property
    def key(self) -> str:
        """The name of the work in the queue."""
        return self.alert.fingerprint


@dataclass(frozen=True, slots=True)
class OwedNews:
    """Leased work: tell the issue that `life` names the news; the rest as with `Owed`."""

    news: News
    lease: str
    attempt: Attempt | None
    failures: int
    life: Life

    @property
    def key(self) -> str:
        """The name of the work in the queue; one that no fingerprint can have."""
        return f"{NEWS}{self.news.fingerprint}"


Work = Owed | OwedNews


@dataclass(frozen=True, slots=True)
class Pause:
    """No worker calls GitHub before `until` (unix seconds)."""

    until: float
    reason: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do before `until` (unix seconds), or before the next claim when None.

    `is_closed` says that the way to the tracker is closed until then, so that a new claim would have to wait as well.
    """

    until: float | None
    is_closed: bool = False
