"""When a job is tried again."""

from __future__ import annotations

import pytest

from booty.observability.delivery.retry import (
    LONGEST_BACKOFF_SECONDS,
    LONGEST_REPEATED_SECONDS,
    backoff,
)
from booty.observability.issues.outcomes import LONGEST_PAUSE_SECONDS, Postponed, Unknown

DELAYS = [
    (Unknown("503"), 0, 1.0),
    (Unknown("503"), 3, 8.0),
    (Unknown("503"), 10_000, LONGEST_BACKOFF_SECONDS),
    (Postponed("429", is_limit=True), 0, 60.0),
    (Postponed("429", is_limit=True), 2, 240.0),
    (Postponed("429", is_limit=True), 10_000, LONGEST_PAUSE_SECONDS),
    (Postponed("429", pause_seconds=7, is_limit=True), 0, 7.0),
    (Postponed("403", pause_seconds=60, is_limit=True), 2, 240.0),
    (Postponed("403", pause_seconds=60, is_limit=True), 9, LONGEST_REPEATED_SECONDS),
    (Postponed("403", pause_seconds=3600, is_limit=True), 3, 3600.0),
    (Postponed("429", pause_seconds=-3000, is_limit=True), 0, 1.0),
    (Postponed("429", pause_seconds=-3000, is_limit=True), 9, LONGEST_BACKOFF_SECONDS),
    (Postponed("429", pause_seconds=1e12, is_limit=True), 0, LONGEST_PAUSE_SECONDS),
]


@pytest.mark.parametrize(("delay", "failures", "seconds"), DELAYS, ids=range(len(DELAYS)))
def test_a_pause_is_the_trackers_own_or_doubles_with_every_failure(
    delay: Postponed | Unknown, failures: int, seconds: float
) -> None:
    assert backoff(delay, failures=failures) == seconds
