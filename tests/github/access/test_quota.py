"""GitHub is left alone while its limit is known."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict
from support.delivery_desk import NOW, Clock

from booty.observability.exchange import Answer
from booty.observability.github.access.quota import Quota
from booty.observability.issues.outcomes import Postponed


def answer(status: int, **headers: str) -> Answer:
    return Answer(status, CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()}), b"")


def left(quota: Quota) -> float:
    try:
        quota.require()
    except Postponed as limit:
        return limit.pause_seconds or 0.0
    return 0.0


def test_a_success_that_spends_the_hours_quota_is_the_last_call_until_it_is_anew() -> None:
    clock = Clock()
    quota = Quota(clock)
    quota.note(answer(201, X_RateLimit_Remaining="0", X_RateLimit_Reset=str(int(NOW) + 1800)), is_write=True)

    assert left(quota) == 1801
    clock.now += 1801
    assert left(quota) == 0


def test_while_something_is_left_nothing_waits() -> None:
    quota = Quota(Clock())
    quota.note(answer(200, X_RateLimit_Remaining="1", X_RateLimit_Reset=str(int(NOW) + 1800)), is_write=True)

    assert left(quota) == 0


def test_a_minute_that_is_named_again_and_again_is_not_asked_for_every_minute() -> None:
    clock, waits = Clock(), []
    quota = Quota(clock)
    for _ in range(7):
        quota.note(answer(403, Retry_After="60"), is_write=True)
        waits.append(left(quota))
        clock.now += waits[-1]
    quota.note(answer(201), is_write=True)
    quota.note(answer(403, Retry_After="60"), is_write=True)

    assert waits == [60, 120, 240, 480, 480, 480, 480]
    assert left(quota) == 60


def test_a_read_that_is_limited_holds_up_no_write_and_says_nothing_of_the_last_one() -> None:
    quota = Quota(Clock())
    quota.note(answer(403, Retry_After="60"), is_write=False)

    assert left(quota) == 0

    quota.note(answer(403, Retry_After="60"), is_write=True)
    quota.note(answer(200), is_write=False)
    quota.note(answer(403, Retry_After="60"), is_write=True)

    assert left(quota) == 120


@pytest.mark.parametrize("reset", ["99999999999", "0", "soon", ""])
def test_a_time_that_cannot_be_right_holds_nothing_up(reset: str) -> None:
    quota = Quota(Clock())
    quota.note(answer(403, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset), is_write=True)

    assert left(quota) == 0


def test_a_long_wait_that_github_names_itself_is_kept() -> None:
    quota = Quota(Clock())
    quota.note(answer(429, Retry_After="1800"), is_write=True)

    assert left(quota) == 1800
