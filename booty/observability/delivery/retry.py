"""When a job is tried again: the only retry policy, since the tracker's clients try once."""

from __future__ import annotations

from booty.observability.issues.outcomes import LIMIT_SECONDS, LONGEST_PAUSE_SECONDS, Postponed, Unknown
from booty.observability.ledger.schedule.jobs import Idle

FIRST_LOOK_SECONDS = 15.0
"""Counted from the beginning of the post, which itself may take as long as its deadline."""
SECOND_LOOK_SECONDS = 60.0
MISSING_SECONDS = 20.0
"""How long after an issue was not there it is asked for again: GitHub's replicas answer 404 for a moment."""
LEAST_MISSING_SECONDS = 10.0
PROMPT_SECONDS = 8.0
"""How long after its lease a post may begin: with the call itself it is less than a lease."""
CLOCK_SKEW_SECONDS = 24 * 3600.0
"""How far our clock may be ahead of the tracker's, as one in a wrong time zone is; beyond it TLS tends to fail."""
IDLE_SECONDS = 30.0
"""How long to rest when nothing is known to be due: another worker may have died with a job in hand."""
GLANCE_SECONDS = 1.0
"""How long to rest at most while deliveries are paused; they may resume earlier than announced."""
LONGEST_BACKOFF_SECONDS = 30.0
LONGEST_REPEATED_SECONDS = 8 * 60.0
"""How long a limit is waited for at most that GitHub names again and again: it says a minute even while the quota of
an hour is spent."""


def backoff(delay: Postponed | Unknown, *, failures: int) -> float:
    """Return for how many seconds nobody calls the tracker, after `failures` earlier failures in a row."""
    doublings: int = 2 ** min(failures, 10)
    own = min(float(doublings), LONGEST_BACKOFF_SECONDS)
    if isinstance(delay, Postponed) and delay.pause_seconds is not None:
        named = max(delay.pause_seconds, own)  # by a wrong clock a reset may lie in the past
        repeated = min(delay.pause_seconds * doublings, LONGEST_REPEATED_SECONDS) if delay.is_limit else 0.0
        return min(max(named, repeated), LONGEST_PAUSE_SECONDS)
    if isinstance(delay, Postponed) and delay.is_limit:
        return min(LIMIT_SECONDS * doublings, LONGEST_PAUSE_SECONDS)
    return own


def seconds_of(rest: Idle, *, now: float) -> float:
    """Return how long to rest at `now` (unix seconds) before the ledger is asked again."""
    seconds = IDLE_SECONDS if rest.until is None else max(rest.until - now, 0.0)
    return min(seconds, GLANCE_SECONDS if rest.is_closed else IDLE_SECONDS)
