"""The decision about one alert, without any effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from booty.observability.alert import Occurrence, Severity


class Verdict(StrEnum):
    """What becomes of an alert; the ignored ones are named as the answer names their reason."""

    ACCEPTED = "accepted"
    BELOW_SEVERITY = "below_severity"
    COOLDOWN = "cooldown"
    NOT_HANDLED = "not_handled"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator wants to hear of: the least severity, and the silence after an alert in seconds.

    `min_severity_of` is for the categories that have a least severity of their own.
    """

    min_severity: Severity
    cooldown_seconds: float
    min_severity_of: Mapping[str, Severity] = field(default_factory=dict)

    def least(self, alert: Occurrence) -> Severity:
        """Return the least severity of alerts like this one that is filed."""
        return self.min_severity_of.get(alert.category, self.min_severity)


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger knows of a fingerprint: its last claim (unix seconds), and whether that one still waits."""

    claimed_at: float
    is_owed: bool


def decide(alert: Occurrence, policy: Policy, history: History | None, now: float) -> Verdict:
    """Decide about `alert` at `now` (unix seconds), given what is known of its fingerprint.

    The cooldown counts from the claim, and lasts as long as the claimed alert waits to be filed: a GitHub that fails
    must not multiply issues.
    """
    if alert.own:
        return Verdict.NOT_HANDLED
    if not alert.severity.is_at_least(policy.least(alert)):
        return Verdict.BELOW_SEVERITY
    if history is not None and (history.is_owed or _is_cooling(policy, history, now)):
        return Verdict.COOLDOWN
    return Verdict.ACCEPTED


def _is_cooling(policy: Policy, history: History, now: float) -> bool:
    """Count a claim from the future as well: a clock that was set back must not open an issue twice."""
    return abs(now - history.claimed_at) < policy.cooldown_seconds
