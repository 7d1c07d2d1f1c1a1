"""A moment as an operator reads it."""

from __future__ import annotations

import pytest

from booty.observability.ops.console.moments import moment

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "2026-11-18T11:06:40+00:00 (0 s ago)"),
        (NOW - 59, "2026-11-18T11:05:41+00:00 (59 s ago)"),
        (NOW - 7300, "2026-11-18T09:05:00+00:00 (2 h ago)"),
        (NOW - 3 * 86400, "2026-11-15T11:06:40+00:00 (3 d ago)"),
        (NOW + 300, "2026-11-18T11:11:40+00:00 (in 5 min)"),
        (float("nan"), "an unknown time"),
        (float("inf"), "an unknown time"),
        (1e300, "an unknown time"),
        (-1e300, "an unknown time"),
    ],
)
def test_it_is_written_with_its_distance(at: float, words: str) -> None:
    assert moment(at, now=NOW) == words
