"""What the ledger is told, and what is logged, when a call did not succeed."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import pairwise

import pytest
from support.delivery_desk import HOUR, LOST, NOW, Desk

from booty.observability.alerts.issue import SPACING_SECONDS
from booty.observability.delivery.setbacks import Inherited
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.schedule.jobs import Idle, Stop
from booty.observability.text.moments import iso


def test_a_rate_limit_pauses_all_deliveries_until_the_trackers_time(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.tracker.posts = [Postponed("slow down", pause_seconds=1800, is_limit=True)]
    desk.owe(1)
    desk.owe(2)

    desk.courier.step()

    assert desk.another_courier().step() == Idle(NOW + 1800, is_closed=True)
    assert [record.getMessage() for record in caplog.records] == ["delivery_postponed"]
    assert (
        caplog.records[0].__dict__ | {"pause_seconds": 1800.0, "is_outcome_known": True} == caplog.records[0].__dict__
    )
    desk.pass_time()
    assert desk.tracker.timed == [
        ("create", NOW),
        ("check", NOW + 1800),
        ("create", NOW + 1800),
        ("create", NOW + 1800 + SPACING_SECONDS),
    ]
    assert sorted(desk.tracker.events) == ["e1", "e2"]


def test_a_tracker_that_cannot_be_reached_is_asked_less_and_less_often(desk: Desk) -> None:
    desk.tracker.posts = [Postponed("no route")]
    desk.tracker.checks = [Postponed("no route") for _ in range(7)]
    desk.owe()

    desk.pass_time()

    times = [at for _, at in desk.tracker.timed[:-1]]
    assert [later - at for at, later in pairwise(times)] == [1, 2, 4, 8, 16, 30, 30, 30]
    assert desk.tracker.verbs == ["create", *["check"] * 8, "create"]


def test_an_outage_leaves_one_post_in_doubt_and_what_it_kept_waiting_is_posted_at_once(desk: Desk) -> None:
    desk.tracker.posts = [Unknown("503")]
    desk.tracker.checks, desk.tracker.looks = [Unknown("503")] * 1000, [Unknown("503")] * 1000
    for number in range(5):
        desk.owe(number)
    desk.pass_time(HOUR / 2)
    assert desk.tracker.verbs.count("create") == 1
    desk.tracker.checks, desk.tracker.looks, back = [], [], desk.clock.now

    desk.pass_time(40)
    assert desk.tracker.verbs.count("create") == 5
    assert desk.tracker.filed[-1][1] <= back + 30 + 5
    desk.pass_time()
    assert sorted(desk.tracker.events) == [f"e{number}" for number in range(5)]


def test_an_outage_of_days_loses_nothing(desk: Desk) -> None:
    desk.tracker.posts = [Unknown("503")] * 10_000
    desk.tracker.looks = [Unknown("503")] * 10_000
    for number in range(5):
        desk.owe(number)
    desk.pass_time(2 * HOUR)
    assert desk.ledger.owed == 5

    desk.tracker.posts, desk.tracker.looks = [], []
    desk.pass_time()

    assert sorted(desk.tracker.events) == ["e0", "e1", "e2", "e3", "e4"]


def test_a_refused_alert_is_kept_with_the_trackers_words_and_logged_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.tracker.posts = [Refused("GitHub answered 403: no")]
    desk.owe(1)
    desk.owe(2)

    desk.pass_time()

    assert desk.reasons() == ["GitHub answered 403: no"]
    assert desk.tracker.events == ["e2"]
    assert [record.getMessage() for record in caplog.records] == ["delivery_refused"]
    assert "booty retry" in caplog.records[0].__dict__["remedy"]


def test_a_retried_refusal_is_posted_at_once(desk: Desk) -> None:
    desk.tracker.posts = [Refused("no")]
    desk.owe()
    desk.pass_time()
    assert desk.ledger.inspection.retry("1:1", now=desk.clock.now)

    desk.pass_time()

    assert desk.tracker.verbs == ["create", "create"]
    assert desk.tracker.events == ["e1"]


def test_a_retry_after_a_refused_look_still_looks_for_the_post_before(desk: Desk) -> None:
    desk.tracker.posts, desk.tracker.looks = [LOST], [Refused("401")]
    desk.owe()
    desk.pass_time()
    assert desk.reasons() == ["401"]
    desk.clock.now += 5 * 24 * HOUR
    desk.ledger.inspection.retry("1:1", now=desk.clock.now)

    desk.pass_time()

    assert desk.tracker.verbs == ["create", "find", "find"]
    assert desk.tracker.events == ["e1"]


DEAD = Refused("GitHub answered 401: Bad credentials", remedy="set GITHUB_TOKEN")


def test_a_refusal_of_everything_stops_all_deliveries_and_files_all_when_it_is_healed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    desk.tracker.posts, desk.tracker.checks = [DEAD], [DEAD, DEAD, DEAD]
    for number in range(4):
        desk.owe(number)

    desk.pass_time()

    asked = [at - NOW for verb, at in desk.tracker.timed if verb == "check"]
    assert asked[0] <= 60
    assert [round(later - at) for at, later in pairwise(asked)] == [120, 240, 480]
    assert sorted(desk.tracker.events) == ["e0", "e1", "e2", "e3"]
    assert desk.reasons() == []
    said = [record for record in caplog.records if "deliver" in record.getMessage()]
    assert [record.getMessage() for record in said] == ["deliveries_stopped", "deliveries_resumed"]
    assert said[0].__dict__["remedy"] == "set GITHUB_TOKEN"


def test_a_stop_is_told_with_its_reason_and_outlives_the_process(desk: Desk) -> None:
    desk.tracker.posts = [DEAD]
    desk.owe(1)
    desk.courier.step()
    desk.owe(2)

    rest = desk.another_courier().step()

    stop = desk.ledger.stop
    assert stop is not None
    assert (desk.ledger.owed, stop.since, stop.remedy) == (2, NOW, "set GITHUB_TOKEN")
    assert rest == Idle(stop.next_at, is_closed=True, stops=((None, stop),))


@pytest.mark.parametrize("trouble", [DEAD, Postponed("429", pause_seconds=1800, is_limit=True)])
def test_a_new_token_waits_for_nothing_that_the_old_one_was_refused_for(desk: Desk, trouble: Exception) -> None:
    desk.tracker.posts = [trouble]
    desk.owe()
    desk.courier.step()
    assert isinstance(desk.another_courier(owner="old").step(), Idle)
    desk.clock.now += SPACING_SECONDS

    desk.another_courier(owner="new").step()

    assert desk.tracker.events == ["e1"]


def test_a_start_tells_of_a_stop_that_it_finds_and_no_other_process_repeats_one(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    beside = desk.another_courier()
    desk.tracker.posts = [DEAD]
    desk.owe()
    desk.courier.step()
    desk.clock.now += SPACING_SECONDS
    beside.step()
    after_the_restart = desk.another_courier()
    after_the_restart.step()
    after_the_restart.step()

    told = [record for record in caplog.records if "stopped" in record.getMessage()]
    assert [record.getMessage() for record in told] == ["deliveries_stopped", "deliveries_still_stopped"]
    assert told[1].__dict__["remedy"] == "set GITHUB_TOKEN"
    assert told[1].__dict__["since"] == iso(NOW)


def test_each_repository_that_was_stopped_before_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    before = Stop("no", "set GITHUB_TOKEN", since=NOW - 1, tries=0, next_at=NOW)
    inherited = Inherited(NOW)
    inherited.tell((None, before), ("acme/site", before))
    inherited.tell(("acme/site", replace(before, tries=1)))
    inherited.tell(("acme/web", replace(before, since=NOW + 1)), ("acme/app", None))
    inherited.tell(("acme/docs", before))

    assert [record.getMessage() for record in caplog.records] == ["deliveries_still_stopped"] * 3


def test_a_person_who_fixed_the_cause_need_not_wait(desk: Desk) -> None:
    desk.tracker.posts = [DEAD]
    desk.owe()
    desk.courier.step()
    desk.clock.now += SPACING_SECONDS
    desk.ledger.inspection.resume(now=desk.clock.now)

    desk.courier.step()

    assert desk.tracker.events == ["e1"]
    assert desk.ledger.stop is None


def test_an_outage_during_a_stop_does_not_end_it(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.tracker.posts, desk.tracker.checks = [DEAD], [Unknown("503")]
    desk.owe()
    desk.courier.step()
    desk.pass_time(120, until=lambda: len(desk.tracker.timed) == 2)

    assert desk.ledger.stop is not None
    desk.pass_time()
    assert desk.tracker.verbs == ["create", "check", "check", "create"]
    assert [record.getMessage() for record in caplog.records if "stopped" in record.getMessage()] == [
        "deliveries_stopped"
    ]


def test_what_is_refused_again_while_others_are_taken_concerns_itself_alone(desk: Desk) -> None:
    denied = Refused("GitHub answered 403: ", remedy="give it the permission")
    desk.tracker.refused_events = {"e1": denied}
    desk.owe(1)
    desk.clock.now += 1
    desk.owe(2)
    desk.owe(3)

    desk.pass_time()

    assert desk.tracker.events == ["e2", "e3"]
    assert desk.reasons() == ["GitHub answered 403: "]
    assert desk.clock.now < NOW + 120


def test_what_was_taken_with_another_token_does_not_bury_what_this_one_may_not_do(desk: Desk) -> None:
    desk.owe(1)
    desk.clock.now += 1
    desk.owe(2)
    old, new = desk.another_courier(owner="old"), desk.another_courier(owner="new")

    desk.tracker.posts = [DEAD]
    old.step()
    desk.clock.now += SPACING_SECONDS
    new.step()
    desk.clock.now += SPACING_SECONDS
    desk.tracker.posts = [DEAD]
    old.step()

    assert desk.reasons() == []
    desk.clock.now += SPACING_SECONDS
    new.step()
    assert desk.tracker.events == ["e2", "e1"]
