"""What counts as a storm, as it is set."""

from __future__ import annotations

import pytest
from support.given_settings import REQUIRED, faults_of, load

from booty.observability.alerts.storm.limit import StormLimit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("30/10m", StormLimit(30, 600)),
        ("5/90s", StormLimit(5, 90)),
        ("1000/24h", StormLimit(1000, 86_400)),
        ("0", None),
        ("100000/10m", StormLimit(100_000, 600)),  # more than can be filed in that time: never, in other words
        ("500000000/86400s", StormLimit(500_000_000, 86_400)),
    ],
)
def test_a_storm_is_more_problems_than_so_many_in_a_time(text: str, limit: StormLimit | None) -> None:
    assert load(OBSV_STORM=text).storm == limit


def test_thirty_in_ten_minutes_are_one_unless_somebody_says_otherwise() -> None:
    assert load().storm == StormLimit(30, 600)


@pytest.mark.parametrize(
    "text",
    [
        "30",
        "30/",
        "/10m",
        "0/10m",
        "30/0m",
        "30/25h",
        "30/86401s",
        "1000000000/10m",
        "-3/10m",
        "30/10d",
        "٣/10m",
        "many",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert faults_of(REQUIRED | {"OBSV_STORM": text}) == {
        "OBSV_STORM": "cannot be used (is not a number of problems in a time of at most a day)"
    }
