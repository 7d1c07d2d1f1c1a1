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
    quota.note(answer(201, X_RateLimit_Remaining="0", X_RateLimit_Reset=str(int(NOW) + 1800)))

    assert left(quota) == 1801
    clock.now += 1801
    assert left(quota) == 0


def test_while_something_is_left_nothing_waits() -> None:
    quota = Quota(Clock())
    quota.note(answer(200, X_RateLimit_Remaining="1", X_RateLimit_Reset=str(int(NOW) + 1800)))

    assert left(quota) == 0


def test_a_limit_of_some_seconds_is_left_to_the_pause_in_the_ledger_which_a_person_can_end() -> None:
    quota = Quota(Clock())
    quota.note(answer(403, Retry_After="3600"))

    assert left(quota) == 0


@pytest.mark.parametrize("reset", ["99999999999", "0", "soon", ""])
def test_a_time_that_cannot_be_right_holds_nothing_up(reset: str) -> None:
    quota = Quota(Clock())
    quota.note(answer(403, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset))

    assert left(quota) == 0
