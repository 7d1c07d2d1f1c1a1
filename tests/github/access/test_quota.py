"""GitHub is left alone while its limit is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from requests.structures import CaseInsensitiveDict
from support.delivery_desk import NOW, Clock
from support.ledger_steps import alert, claim, lease, ledger

from booty.observability.exchange import Answer
from booty.observability.github.access.quota import Quota, SharedQuota
from booty.observability.issues.outcomes import LIMIT_SECONDS, LONGEST_PAUSE_SECONDS, Postponed
from booty.observability.ledger.schedule.gates import HOME, Gates
from booty.observability.ledger.schedule.jobs import FilingJob, Idle
from booty.observability.ledger.watch.quota import QuotaBook


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


SPENT = {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str(int(NOW) + 1800)}


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (201, SPENT, 1801),
        (200, SPENT, 1801),
        (403, SPENT, 1801),
        (403, {"Retry_After": "90"}, 90),
        (429, {"Retry_After": "90"} | SPENT, 90),
        (429, {}, LIMIT_SECONDS),
        (403, {"Retry_After": "999999"}, LONGEST_PAUSE_SECONDS),
    ],
)
def test_what_one_learns_of_a_limit_holds_for_every_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, headers: dict[str, str], seconds: float
) -> None:
    monkeypatch.setattr("time.time", Clock())
    of = ledger(tmp_path)
    claim(of, alert())

    SharedQuota(QuotaBook(of.engine, HOME), Clock()).notice(answer(status, **headers))

    another = ledger(tmp_path)
    assert another.queue.take(now=NOW + seconds - 1) == Idle(NOW + seconds, is_closed=True)
    assert lease(another, NOW + seconds)


def test_what_is_learned_amid_a_job_ends_what_its_holder_may_write_and_outlasts_its_success(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    claim(of, alert("1:2"))
    job = lease(of)
    SharedQuota(QuotaBook(of.engine, HOME), Clock()).notice(answer(200, **SPENT))

    assert not of.queue.renew(job, now=NOW)
    of.queue.settle(job, None, now=NOW)
    assert of.queue.take(now=NOW + 1800) == Idle(NOW + 1801, is_closed=True)


def test_another_token_waits_for_no_limit_of_the_former_one(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    old, new = Gates(token="old"), Gates(token="new")
    SharedQuota(QuotaBook(of.engine, old), Clock()).notice(answer(200, **SPENT))

    job = of.queue.take(now=NOW, gates_of=lambda _: new)
    assert isinstance(job, FilingJob)
    assert of.queue.renew(job, now=NOW)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {"X_RateLimit_Remaining": "1", "X_RateLimit_Reset": str(int(NOW) + 1800)}),
        (200, {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "99999999999"}),
        (403, {}),
        (503, {"Retry_After": "3600"}),
        (422, {"Retry_After": "3600"}),
    ],
)
def test_what_is_no_limit_of_the_token_holds_nobody_up(tmp_path: Path, status: int, headers: dict[str, str]) -> None:
    of = ledger(tmp_path)
    claim(of, alert())

    SharedQuota(QuotaBook(of.engine, HOME), Clock()).notice(answer(status, **headers))

    assert lease(of)
