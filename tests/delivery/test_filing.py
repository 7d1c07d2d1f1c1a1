"""An alert is filed once, whatever becomes of the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.away import AwayEngine
from support.delivery_desk import HOUR, LOST, NEVER, NOW, Desk

from booty.observability.alerts.issue import SPACING_SECONDS
from booty.observability.delivery.retry import (
    FIRST_LOOK_SECONDS,
    SECOND_LOOK_SECONDS,
)
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Postponed, Unknown
from booty.observability.ledger.engines.engine import NotStored

NOT_PLANNED = Edit(state="not_planned")


def test_the_issue_of_a_lost_answer_is_found_by_the_first_look(desk: Desk) -> None:
    desk.tracker.posts = [LOST]
    desk.owe()

    desk.pass_time()

    assert desk.tracker.timed == [("create", NOW), ("find", NOW + FIRST_LOOK_SECONDS)]
    assert desk.tracker.events == ["e1"]


def test_an_issue_that_the_list_hid_is_found_by_the_second_look(desk: Desk) -> None:
    desk.tracker.posts, desk.tracker.lag_seconds = [LOST], SECOND_LOOK_SECONDS - 1
    desk.owe()

    desk.pass_time()

    assert desk.tracker.timed == [
        ("create", NOW),
        ("find", NOW + FIRST_LOOK_SECONDS),
        ("find", NOW + SECOND_LOOK_SECONDS),
    ]
    assert desk.tracker.events == ["e1"]


def test_a_post_that_was_never_made_is_repeated_after_two_looks(desk: Desk) -> None:
    desk.tracker.posts = [NEVER]
    desk.owe()

    desk.pass_time()

    assert desk.tracker.verbs == ["create", "find", "find", "create"]
    assert desk.tracker.timed[2][1] >= NOW + SECOND_LOOK_SECONDS
    assert desk.tracker.events == ["e1"]


def test_a_repeated_post_of_unknown_outcome_is_looked_for_again(desk: Desk) -> None:
    desk.tracker.posts = [NEVER, NEVER, LOST]
    desk.owe()

    desk.pass_time()

    assert desk.tracker.verbs == ["create", "find", "find"] * 2 + ["create", "find"]
    assert desk.tracker.events == ["e1"]


@pytest.mark.parametrize("trouble", [Unknown("503"), Postponed("429", pause_seconds=5, is_limit=True)])
def test_a_look_that_fails_does_not_count_as_a_look(desk: Desk, trouble: Exception) -> None:
    desk.tracker.posts, desk.tracker.looks = [NEVER], [trouble, trouble, trouble]
    desk.owe()

    desk.pass_time()

    assert desk.tracker.verbs == ["create", *["find"] * 5, "create"]


def test_a_clock_that_jumps_ahead_leaves_room_between_the_looks(desk: Desk) -> None:
    desk.tracker.posts = [NEVER]
    desk.owe()
    desk.courier.step()
    desk.clock.now += HOUR

    desk.pass_time()

    first, second = [at for verb, at in desk.tracker.timed if verb == "find"]
    assert second - first == SECOND_LOOK_SECONDS - FIRST_LOOK_SECONDS


def test_looks_reach_back_beyond_the_post_by_what_a_clock_may_be_wrong(desk: Desk) -> None:
    desk.tracker.posts = [LOST]
    desk.owe()
    desk.tracker.during_post = lambda: desk.tracker.filed.append((desk.tracker.filed.pop()[0], NOW - 5 * HOUR))

    desk.pass_time()

    assert desk.tracker.events == ["e1"]


def test_a_clock_that_is_set_back_loses_repeats_and_delays_nothing(desk: Desk) -> None:
    desk.tracker.posts = [LOST]
    desk.owe(1)
    desk.courier.step()
    desk.clock.now -= HOUR
    desk.tracker.filed = [(event, filed_at - HOUR) for event, filed_at in desk.tracker.filed]
    desk.owe(2)

    desk.pass_time()

    assert sorted(desk.tracker.events) == ["e1", "e2"]
    assert desk.clock.now < NOW - HOUR + SECOND_LOOK_SECONDS


def test_an_issue_that_the_ledger_could_not_record_is_recorded_once_it_can(desk: Desk) -> None:
    desk.owe()
    aside = desk.directory.with_name("aside")

    def lose_the_directory() -> None:
        desk.directory.rename(aside)
        desk.directory.write_text("no directory")

    desk.tracker.during_post = lose_the_directory
    desk.courier.step()
    with pytest.raises(NotStored):
        desk.courier.step()
    desk.directory.unlink()
    aside.rename(desk.directory)
    desk.courier.step()

    assert desk.tracker.verbs == ["create"]
    assert desk.ledger.owed == 0


def test_an_issue_that_the_ledger_could_not_record_before_its_process_died_is_found(desk: Desk) -> None:
    engine = AwayEngine(desk.ledger.engine)
    courier = desk.another_courier(engine=engine)
    desk.owe()
    desk.tracker.during_post = lambda: setattr(engine, "is_away", True)
    courier.step()
    desk.pass_time()

    assert desk.tracker.verbs == ["create", "find"]
    assert desk.tracker.events == ["e1"]


def test_nothing_is_posted_when_the_lease_cannot_be_renewed_and_the_job_is_done_once_it_can(desk: Desk) -> None:
    engine = AwayEngine(desk.ledger.engine)
    courier = desk.another_courier(engine=engine)
    desk.owe()
    engine.is_away_after = 1  # the lease
    courier.step()
    with pytest.raises(NotStored):
        courier.step()
    assert desk.tracker.verbs == []
    engine.is_away_after = None
    desk.clock.now += SPACING_SECONDS
    courier.step()

    assert desk.tracker.verbs == ["create"]


def test_nothing_is_posted_when_the_ledger_cannot_record_that_a_post_begins(desk: Desk) -> None:
    desk.owe()
    aside = desk.directory.with_name("aside")
    desk.directory.rename(aside)
    desk.directory.write_text("no directory")

    with pytest.raises(NotStored):
        desk.courier.step()
    assert desk.tracker.timed == []


def test_a_post_of_unknown_outcome_says_when_it_is_looked_for(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.tracker.posts = [Unknown("503")]
    desk.owe()

    desk.courier.step()

    assert caplog.records[0].__dict__["again_in_seconds"] == FIRST_LOOK_SECONDS


@pytest.mark.parametrize(("late", "is_test", "edits"), [(3600, True, [NOT_PLANNED]), (5, True, []), (3600, False, [])])
def test_a_test_alert_that_comes_when_nobody_waits_for_it_any_more_leaves_no_open_issue(
    desk: Desk,
    late: float,
    is_test: bool,  # noqa: FBT001 - pytest passes it by name
    edits: list[Edit],
) -> None:
    desk.owe(is_test=is_test, occurred_at=datetime.fromtimestamp(NOW - late, UTC))

    desk.pass_time()

    assert (desk.tracker.edits, desk.tracker.events, desk.ledger.owed) == (edits, ["e1"], 0)


def test_a_test_alert_whose_issue_cannot_be_closed_is_filed_all_the_same(desk: Desk) -> None:
    desk.tracker.refusals = {"edit": [Postponed("slow down")]}
    desk.owe(is_test=True, occurred_at=datetime.fromtimestamp(NOW - 3600, UTC))

    desk.pass_time()

    assert (desk.tracker.events, desk.ledger.owed) == (["e1"], 0)
