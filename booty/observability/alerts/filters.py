"""The decision about one alert, without any effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from booty.observability.alerts.issue import OPEN, Standing
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.severity import Severity

MOST_EXCEPTIONS = 10
"""How many releases in a row a problem is told of within a cooldown: anybody can name releases."""
DAY_SECONDS = 24 * 3600.0

Novelty = Literal["awaited", "worse_level", "new_release", "came_back", "after_closing"]
"""Why an alert passes the cooldown: it was waited for; or it says of its problem what the issue does not say."""


class Verdict(StrEnum):
    """What becomes of an alert."""

    ACCEPTED = "accepted"
    NEWS = "news"
    """Accepted although the problem cools down: it says something that the issue does not say."""
    BELOW_SEVERITY = "below_severity"
    COOLDOWN = "cooldown"
    REPEATED = "repeated"
    """It says nothing at all, and is not even counted: it was counted before, or is older than what was."""
    NOT_HANDLED = "not_handled"
    NO_ROUTE = "no_route"

    @property
    def is_accepted(self) -> bool:
        """Return whether it is to be delivered."""
        return self in ("accepted", "news")  # their names would be looked up each time

    @property
    def reason(self) -> str:
        """The reason as the answer names it."""
        return Verdict.COOLDOWN.value if self is Verdict.REPEATED else self.value


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator wants to hear of: the least severity, and the silence after an alert in seconds.

    `min_severity_of` is for the categories that have a least severity of their own. `is_following` says that alerts are
    told to the issue that there is. Without it each one accepted makes an issue of its own, so that nothing is worth
    breaking the cooldown.
    """

    min_severity: Severity
    cooldown_seconds: float
    min_severity_of: Mapping[str, Severity] = field(default_factory=dict)
    is_following: bool = True

    def least(self, alert: Occurrence) -> Severity:
        """Return the least severity of alerts like this one that is filed."""
        return self.min_severity_of.get(alert.category, self.min_severity)


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger knows of a fingerprint, and of the alert before it; times in unix seconds.

    `claimed_at` is the claim from which the cooldown counts, `is_owed` says that one still waits to be delivered,
    `newest` is when the newest event happened, `worst` the worst level, `exceptions` how many alerts passed the
    cooldown since the claim. `is_counted` says that this very event, or a later one of the same metric rule, is counted
    already, `is_new_release` that the problem was never seen in the alert's release; in `release_seen_at` any problem
    was seen in it first. `is_awaited`: the next alert is to pass, since all that it brings is needed.
    """

    claimed_at: float
    is_owed: bool
    newest: float = 0.0
    worst: Severity | None = None
    exceptions: int = 0
    is_counted: bool = False
    is_new_release: bool = False
    release_seen_at: float | None = None
    is_awaited: bool = False
    standing: Standing = OPEN
    issue: int | None = None


def decide(alert: Occurrence, policy: Policy, history: History | None, now: float) -> Verdict:  # noqa: PLR0911 - one a verdict
    """Decide about `alert` at `now` (unix seconds), given what is known of its fingerprint.

    The cooldown counts from the claim, and lasts as long as the claimed alert waits to be filed: a GitHub that fails
    must not multiply issues. What is new to the issue passes it; while a claim waits, the ledger keeps it in mind.
    """
    if alert.own:
        return Verdict.NOT_HANDLED
    if not alert.severity.is_at_least(policy.least(alert)):
        return Verdict.BELOW_SEVERITY
    if history is None:
        return Verdict.ACCEPTED
    if history.is_counted or (alert.kind == "event" and happened_at(alert, now) < history.newest - DAY_SECONDS):
        return Verdict.REPEATED
    if history.is_owed:
        return Verdict.COOLDOWN
    if not _is_cooling(policy, history, now):
        return Verdict.ACCEPTED
    return Verdict.NEWS if policy.is_following and novelty(alert, history, now) else Verdict.COOLDOWN


def happened_at(alert: Occurrence, now: float) -> float:
    """Return when the alert happened (unix seconds): never after `now`, for senders' clocks are wrong by hours.

    A metric alert happens when it comes: the time that it brings is the beginning of what was measured.
    """
    if alert.kind == "metric" or alert.occurred_at is None:
        return now
    return min(alert.occurred_at.timestamp(), now)


def is_after(closed_at: float, *, happened: float, release_seen_at: float | None) -> bool:
    """Return whether what happened can speak against the fix: it came after the closing, in no release from before it.

    A release is from before when any problem was seen in it by then (all in unix seconds). Trackers give the second of
    a closing: within it, nobody knows, and what may be a regression counts as one.
    """
    is_old = release_seen_at is not None and release_seen_at <= closed_at
    return happened >= closed_at // 1 and not is_old


def _is_cooling(policy: Policy, history: History, now: float) -> bool:
    """Count a claim from the future as well: a clock that was set back must not open an issue twice."""
    return abs(now - history.claimed_at) < policy.cooldown_seconds


def novelty(alert: Occurrence, history: History, now: float) -> Novelty | None:  # noqa: PLR0911 - one a novelty
    """Return what the issue should be told of at once, None when nothing is."""
    if history.is_awaited:
        return "awaited"
    if history.standing.is_muted:
        return None
    if history.worst is not None and not history.worst.is_at_least(alert.severity):
        return "worse_level"
    if history.is_new_release and history.exceptions < MOST_EXCEPTIONS:
        return "new_release"
    if alert.is_regression and history.exceptions < MOST_EXCEPTIONS:
        return "came_back"
    closed_at, happened = history.standing.closed_at, happened_at(alert, now)
    if closed_at is None or not is_after(closed_at, happened=happened, release_seen_at=history.release_seen_at):
        return None
    return "after_closing"
