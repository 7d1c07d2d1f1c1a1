"""Moments as people read them."""

from __future__ import annotations

import pytest

from booty.observability.text.moments import iso


def test_a_moment_reads_as_iso_8601_in_utc() -> None:
    assert iso(1_795_000_000.9) == "2026-11-18T11:06:40+00:00"


@pytest.mark.parametrize("wrong", [1e300, -1e300, 10**30, float("nan"), float("-inf")], ids=repr)
def test_what_is_not_a_moment_is_named_so(wrong: float) -> None:
    assert iso(wrong) == "an unknown time"
