"""What Sentry saw while the service was away is filed afterwards, once, whatever came by itself or comes late."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.deaths import Tell, deaths
from support.sentry_events import PROJECT
from support.sentry_stand_in import Fault, SentryStandIn, limited
from support.with_sentry import NOW, Place

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import Standing
from booty.observability.delivery.with_sentry.reconciliation import MOST
from booty.observability.ledger.schedule.jobs import FilingJob, Outcome
from booty.observability.ledger.with_sentry.reading_book import CYCLE_SECONDS

MINUTE = 60.0
OLD = f"booty@{'a' * 40}"


@pytest.fixture
def sentry() -> Iterator[SentryStandIn]:
    with SentryStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def place(tmp_path: Path, sentry: SentryStandIn) -> Place:
    """Return a service that has filed problem 100, and lives."""
    return lived_in(tmp_path, sentry)


def lived_in(directory: Path, sentry: SentryStandIn, *, is_always: bool = False) -> Place:
    place = Place(directory, sentry, is_always=is_always)
    sentry.see(100, first=NOW, release=OLD)
    assert place.hear(100) is Verdict.ACCEPTED
    place.deliver()
    place.live(10 * MINUTE)
    return place


def problems(alerts: list[Alert]) -> list[str]:
    """Return the problems' numbers; what one cycle claims is delivered in no order."""
    return sorted((alert.fingerprint.removeprefix(f"{PROJECT}:") for alert in alerts), key=int)


def away_for_ten_minutes(place: Place) -> None:
    """Have seven new problems and two that came back, three of which were delivered before."""
    sentry = place.sentry
    sentry.see(101, first=NOW, release=OLD)
    sentry.see(102, first=NOW, release=OLD)
    for number in (101, 102):
        place.hear(number)
    place.deliver()
    for number in (2, 3):
        place.close(number, at=NOW + 5 * MINUTE)
    killed_at = place.now
    for number in (1, 2):
        sentry.see(number, first=killed_at - 10)
        place.hear(number)
    sentry.see(101, first=NOW, regressed=killed_at - 5, release=OLD)
    place.hear(101)
    place.deliver()
    for number in (3, 4, 5, 6, 7):
        sentry.see(number, first=killed_at + number * MINUTE)
    sentry.see(102, first=NOW, regressed=killed_at + 8 * MINUTE, release=OLD)
    place.be_away(10 * MINUTE)


MISSED = ["3", "4", "5", "6", "7", "102"]


def test_exactly_what_never_arrived_is_filed_once(place: Place) -> None:
    away_for_ten_minutes(place)

    delivered = place.catch_up()

    assert problems(delivered) == MISSED
    assert all(alert.is_reconciled and not alert.lacks_event for alert in delivered)
    place.now += CYCLE_SECONDS
    assert place.catch_up() == []
    assert place.reconciliation.run(since=NOW - 3600, until=place.now).found == ()


def test_a_webhook_that_still_comes_is_a_repetition(place: Place) -> None:
    away_for_ten_minutes(place)
    place.catch_up()

    assert {place.hear(int(number)) for number in MISSED} == {Verdict.REPEATED}


def test_a_webhook_in_the_middle_leaves_one_of_each(place: Place) -> None:
    away_for_ten_minutes(place)
    place.hear(3)
    place.catching_up.cycle()
    for number in (4, 102):
        place.hear(number)

    assert problems(place.deliver()) == MISSED


def test_nothing_is_asked_while_the_service_lives(place: Place) -> None:
    place.live(30 * MINUTE)
    place.catch_up()

    assert place.sentry.calls == []


def test_a_first_start_asks_nothing(tmp_path: Path, sentry: SentryStandIn) -> None:
    sentry.see(1, first=NOW - MINUTE)
    place = Place(tmp_path, sentry)
    place.live()

    assert (place.catch_up(), sentry.calls) == ([], [])


def test_an_absence_is_noticed_by_a_process_that_was_only_held_up(place: Place) -> None:
    place.sentry.see(1, first=place.now + 60)
    place.now += 600
    place.live()

    assert problems(place.catch_up()) == ["1"]


def test_all_asks_every_quarter_of_an_hour(tmp_path: Path, sentry: SentryStandIn) -> None:
    place = lived_in(tmp_path, sentry, is_always=True)
    place.catch_up()
    sentry.see(1, first=place.now)
    place.live(CYCLE_SECONDS - 1)
    assert place.catch_up() == []
    place.live(1)

    assert problems(place.catch_up()) == ["1"]


def test_all_leaves_a_problem_of_this_moment_to_its_webhook(tmp_path: Path, sentry: SentryStandIn) -> None:
    place = lived_in(tmp_path, sentry, is_always=True)
    sentry.see(1, first=place.now - 1)
    assert place.catch_up() == []
    place.live(CYCLE_SECONDS)

    assert problems(place.catch_up()) == ["1"]


def test_one_that_came_back_long_ago_is_not_told_again_with_each_event(tmp_path: Path, sentry: SentryStandIn) -> None:
    place = lived_in(tmp_path, sentry, is_always=True)
    sentry.see(101, first=NOW - 9e6, last=place.now + 10 * MINUTE, regressed=NOW - 3600)
    place.live(CYCLE_SECONDS)

    assert place.catch_up() == []


def test_where_sentry_does_not_say_when_it_came_back_the_newest_event_decides(place: Place) -> None:
    place.sentry.has_activity = False
    away_for_ten_minutes(place)

    assert problems(place.catch_up()) == MISSED


def test_one_that_came_back_is_told_to_its_issue_however_that_stands_here(place: Place) -> None:
    place.sentry.see(100, first=NOW, regressed=place.now + 60, release=OLD)
    place.be_away(10 * MINUTE)

    [alert] = place.catch_up()

    assert (alert.is_regression, alert.release) == (True, OLD)


def test_one_that_came_back_while_an_alert_of_it_waits_is_told_when_its_issue_turns_out_closed(place: Place) -> None:
    place.live(7 * 3600)
    place.sentry.see(100, first=NOW, last=place.now, release=OLD)
    assert place.hear(100) is Verdict.ACCEPTED
    closed_at = place.now + 1
    place.sentry.see(100, first=NOW, regressed=place.now + 60, release=OLD)
    place.be_away(10 * MINUTE)
    place.catching_up.cycle()

    job = place.ledger.queue.take(now=place.now)
    assert isinstance(job, FilingJob)
    seen = Outcome(Standing(closed_at, as_of=place.now), is_shown=False)  # the issue turned out to be closed
    place.ledger.queue.settle(job, None, now=place.now, outcome=seen)
    [told] = place.deliver()

    assert (job.alert.is_reconciled, told.is_reconciled, told.is_regression) == (False, True, True)


def test_only_projects_that_an_alert_came_from_count(place: Place) -> None:
    place.sentry.see(1, first=place.now + 60, project=77)
    place.be_away(10 * MINUTE)
    assert place.catch_up() == []

    place.live(31 * 24 * 3600)
    place.sentry.see(2, first=place.now + 60)
    place.be_away(10 * MINUTE)
    assert place.catch_up() == []


def test_what_would_not_be_filed_is_not_fetched(place: Place) -> None:
    place.sentry.see(1, first=place.now + 60, level="warning")
    place.be_away(10 * MINUTE)
    place.catch_up()

    assert [call for call in place.sentry.calls if "/events/" in call.path] == []


def test_the_oldest_come_first_and_the_rest_with_the_next_cycles(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = range(1, 2 * MOST + 2)
    for number in numbers:
        place.sentry.see(number, first=place.now + number)
    place.be_away(10 * MINUTE)

    first = place.catch_up()
    place.live(CYCLE_SECONDS - 1)
    assert place.catch_up() == []
    place.live(1)
    second = place.catch_up()
    place.live(CYCLE_SECONDS)
    third = place.catch_up()

    assert [len(first), len(second), len(third)] == [MOST, MOST, 1]
    assert [*problems(first), *problems(second), *problems(third)] == [str(number) for number in numbers]
    left = [record.__dict__["left"] for record in caplog.records if record.message == "reconcile_left"]
    assert left == [MOST + 1, 1]


def test_without_the_json_endpoint_the_row_is_enough(place: Place) -> None:
    place.sentry.has_json = False
    place.sentry.see(1, first=place.now + 60)
    place.be_away(10 * MINUTE)

    [alert] = place.catch_up()

    assert (alert.lacks_event, alert.raised[0].type) == (True, "KeyError")


def test_a_token_that_may_not_read_events_says_so_once(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.sentry.scopes = frozenset()
    place.be_away(10 * MINUTE)
    place.catch_up()
    place.live(CYCLE_SECONDS)
    place.catch_up()

    said = [record.__dict__ for record in caplog.records if record.levelno == logging.WARNING]
    assert [(each["message"], "Issue & Event: Read" in each["remedy"]) for each in said] == [("reconcile_failed", True)]


@pytest.mark.parametrize("fault", [Fault(503), Fault(manner="drop"), limited(resets_in=40)], ids=["503", "no", "429"])
@pytest.mark.parametrize("path", ["/issues/", "/events/latest/", "/json/"])
def test_an_outage_of_sentry_only_delays(place: Place, fault: Fault, path: str) -> None:
    for number in (1, 2):
        place.sentry.see(number, first=place.now + number)
    place.be_away(10 * MINUTE)
    place.sentry.fail(fault, method="GET", path=path, times=1)

    before = place.catch_up()
    assert place.catch_up() == []
    place.live(CYCLE_SECONDS)

    assert problems([*before, *place.catch_up()]) == ["1", "2"]


def test_one_worker_asks(place: Place, tmp_path: Path) -> None:
    place.sentry.see(1, first=place.now + 60)
    place.be_away(10 * MINUTE)
    other = Place(tmp_path, place.sentry)
    other.now = place.now
    asked: list[int] = []

    def look() -> bool:
        other.catching_up.cycle()
        asked.append(len(place.sentry.calls))
        return True

    place.reconciliation.run(since=NOW, until=place.now, is_ours=look)
    before = len(place.sentry.calls)
    place.catching_up.cycle()

    assert asked
    assert len(place.sentry.calls) == before


def test_a_kill_between_any_two_steps_loses_none_and_files_none_twice(tmp_path: Path, sentry: SentryStandIn) -> None:
    place = lived_in(tmp_path, sentry)
    sentry.see(1, first=place.now + MINUTE)
    sentry.see(2, first=place.now + 2 * MINUTE)
    killed_at, delivered = place.now, list[str]()

    def catch_up(number: int, _: Tell) -> None:
        again = Place(tmp_path, sentry)
        again.now = killed_at + 10 * MINUTE + number * 2 * CYCLE_SECONDS
        again.life_sign.give(again.now)
        again.catching_up.cycle()

    for number, _ in deaths(catch_up, inside="with_sentry"):
        place.start()
        place.now = killed_at + 11 * MINUTE + number * 2 * CYCLE_SECONDS
        delivered += problems(place.deliver())

    assert sorted(delivered) == ["1", "2"]
