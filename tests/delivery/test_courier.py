"""The second loop: what is owed is delivered once, by one courier of many, whatever dies meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import floats, lists, sampled_from, tuples
from support.delivery_desk import DAY, LOST, NEVER, NOW, Clock, Desk, Killed, Outcome

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import SPACING_SECONDS
from booty.observability.delivery.courier import Courier
from booty.observability.delivery.retry import (
    FIRST_LOOK_SECONDS,
    PROMPT_SECONDS,
    SECOND_LOOK_SECONDS,
)
from booty.observability.issues.code.code_context import CodeContext
from booty.observability.issues.outcomes import Postponed, Unknown
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.gate import LEASE_SECONDS
from booty.observability.ledger.schedule.jobs import Idle, Job


def test_an_owed_alert_becomes_an_issue_and_is_settled(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    desk.owe()

    assert desk.courier.step() is None

    assert desk.tracker.events == ["e1"]
    assert desk.ledger.owed == 0
    assert [(record.getMessage(), record.__dict__["issue"]) for record in caplog.records] == [("issue_filed", 1)]


def test_nothing_is_done_when_nothing_is_owed(desk: Desk) -> None:
    assert desk.courier.step() == Idle(None)
    assert desk.tracker.timed == []


def test_posts_are_a_second_apart_over_all_couriers(desk: Desk) -> None:
    desk.owe(1)
    desk.owe(2)
    other = desk.another_courier()

    desk.courier.step()
    assert other.step() == Idle(NOW + SPACING_SECONDS, is_closed=True)
    desk.clock.now += SPACING_SECONDS
    other.step()
    assert desk.tracker.timed == [("create", NOW), ("create", NOW + SPACING_SECONDS)]


def test_a_holder_that_dies_inside_its_post_leaves_it_as_unknown(desk: Desk) -> None:
    desk.owe()
    desk.tracker.posts = [None]

    def die() -> None:
        raise Killed

    desk.tracker.during_post = die
    with pytest.raises(Killed):
        desk.courier.step()
    desk.tracker.during_post = lambda: None
    desk.courier = desk.another_courier()
    assert desk.courier.step() == Idle(NOW + LEASE_SECONDS, is_closed=True)
    desk.pass_time()

    assert desk.tracker.timed == [("create", NOW), ("find", NOW + LEASE_SECONDS)]
    assert desk.tracker.events == ["e1"]


def test_a_holder_that_dies_before_its_post_leaves_work_that_another_does(desk: Desk) -> None:
    desk.owe()
    desk.ledger.queue.take(now=NOW)

    desk.pass_time()

    assert desk.tracker.verbs == ["find", "find", "create"]
    assert desk.tracker.events == ["e1"]


def outlive_the_lease(desk: Desk) -> None:
    """Have the next post last for longer than its lease, while another courier takes a step."""
    other = desk.another_courier()

    def go_slow() -> None:
        desk.tracker.during_post = lambda: None
        desk.clock.now += LEASE_SECONDS + 1
        other.step()

    desk.tracker.during_post = go_slow


def test_a_call_that_outlives_its_lease_makes_one_issue(desk: Desk) -> None:
    desk.owe()
    outlive_the_lease(desk)

    desk.courier.step()
    desk.pass_time()

    assert desk.tracker.verbs == ["create", "find"]
    assert desk.tracker.events == ["e1"]
    assert desk.ledger.owed == 0


def test_a_call_that_outlives_its_lease_and_fails_leaves_the_work_to_its_new_holder(desk: Desk) -> None:
    desk.owe()
    desk.tracker.posts, desk.tracker.lag_seconds = [LOST], 20.0
    outlive_the_lease(desk)

    desk.courier.step()
    desk.pass_time()

    assert desk.tracker.events == ["e1"]
    assert desk.ledger.owed == 0


@dataclass
class SlowSource:
    """A code context that takes its time."""

    clock: Clock
    seconds: float
    meanwhile: Callable[[], object] = lambda: None

    def gather(self, alert: Alert, *, began_at: float | None = None, now: float) -> CodeContext | None:
        del alert, began_at, now
        self.clock.now += self.seconds
        self.seconds = 0
        self.meanwhile()
        return None

    def trusted(self, commits: Collection[str], *, now: float) -> frozenset[str]:
        del commits, now
        return frozenset()

    def ask_again(self) -> None:
        """See `CodeContextSource`."""


def test_a_holder_that_was_held_up_does_not_post_what_another_has_by_then(desk: Desk) -> None:
    desk.owe()
    slow = SlowSource(desk.clock, LEASE_SECONDS + 1)
    slow.meanwhile = desk.another_courier().step
    desk.courier = Courier(
        desk.ledger.queue, desk.tracker, trigger_label="agent:builder", code_context=slow, clock=desk.clock
    )

    desk.courier.step()
    assert desk.tracker.verbs == ["find"]
    desk.pass_time()

    assert desk.tracker.events == ["e1"]


class SlowQueue(Queue):
    """A queue on a disk that stands still for a while when a lease is renewed."""

    clock: Clock
    seconds = 0.0

    def renew(self, owed: Job, *, now: float, labels: tuple[str, ...] = ()) -> bool:
        self.clock.now += self.seconds
        self.seconds = 0.0
        return super().renew(owed, now=now, labels=labels)


def test_a_holder_that_was_held_up_before_its_post_gives_its_work_back_instead_of_posting_late(desk: Desk) -> None:
    desk.owe()
    slow = SlowQueue(SqliteEngine(desk.directory), keep_seconds=DAY)
    slow.clock, slow.seconds = desk.clock, PROMPT_SECONDS + 1
    desk.courier = Courier(slow, desk.tracker, trigger_label="agent:builder", clock=desk.clock)

    desk.courier.step()
    assert desk.tracker.timed == []
    desk.pass_time()

    assert desk.tracker.verbs == ["create"]


def test_a_slow_search_for_links_costs_no_second_attempt(desk: Desk) -> None:
    desk.owe()
    slow = SlowSource(desk.clock, PROMPT_SECONDS + 1)
    desk.courier = Courier(
        desk.ledger.queue, desk.tracker, trigger_label="agent:builder", code_context=slow, clock=desk.clock
    )

    desk.courier.step()

    assert desk.tracker.verbs == ["create"]


def test_an_alert_that_trips_a_bug_of_ours_is_kept_and_the_others_go_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.tracker.posts = [ZeroDivisionError("a bug")]
    desk.owe(1)
    desk.owe(2)

    desk.pass_time()

    assert desk.reasons() == ["this service failed on it: ZeroDivisionError"]
    assert desk.tracker.events == ["e2"]
    assert [record.getMessage() for record in caplog.records] == ["delivery_failed"]


def test_a_retry_after_a_bug_looks_first_since_the_post_may_have_been_made(desk: Desk) -> None:
    desk.tracker.posts = [ZeroDivisionError("a bug")]
    desk.owe()
    desk.pass_time()
    desk.ledger.inspection.retry("1:1", now=desk.clock.now)

    desk.pass_time()

    assert desk.tracker.verbs == ["create", "find", "find", "create"]


POSTS = sampled_from([None, LOST, NEVER, Unknown("503"), Postponed("no route"), Killed()])
LOOKS = sampled_from([None, Unknown("503"), Postponed("429", pause_seconds=20, is_limit=True)])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=tuples(lists(POSTS, max_size=6), lists(LOOKS, max_size=6)),
    lag=floats(0, SECOND_LOOK_SECONDS - FIRST_LOOK_SECONDS),
)
def test_whatever_goes_wrong_each_alert_ends_as_one_issue(
    tmp_path_factory: pytest.TempPathFactory, faults: tuple[list[Outcome], list[Outcome]], lag: float
) -> None:
    desk = Desk(tmp_path_factory.mktemp("any") / "state")
    desk.tracker.posts, desk.tracker.looks, desk.tracker.lag_seconds = *faults, lag
    for number in range(3):
        desk.owe(number)

    while desk.ledger.owed:
        try:
            desk.pass_time()
        except Killed:
            desk.courier = desk.another_courier()
    assert sorted(desk.tracker.events) == ["e0", "e1", "e2"]


def test_the_thread_delivers_what_is_there_and_what_comes_and_stops(tmp_path: Path) -> None:
    desk, filed = Desk(tmp_path / "state"), Event()
    desk.tracker.during_post = filed.set
    desk.owe(1)

    desk.courier.wake()
    assert filed.wait(10)
    filed.clear()
    desk.clock.now += SPACING_SECONDS
    desk.owe(2)
    desk.courier.wake()
    assert filed.wait(10)
    desk.courier.stop()
    desk.owe(3)
    desk.courier.wake()

    assert desk.tracker.events == ["e1", "e2"]


def test_the_thread_stops_at_once_while_the_way_is_closed(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "state")
    desk.owe(1)
    desk.tracker.posts = [Postponed("slow down", pause_seconds=1800, is_limit=True)]
    assert desk.courier.step() is None
    desk.courier.wake()
    desk.owe(2)
    desk.courier.wake()

    stopping = Thread(target=desk.courier.stop)
    stopping.start()
    stopping.join(10)

    assert not stopping.is_alive()
    assert len(desk.tracker.timed) == 1


def test_a_stop_waits_for_the_call_in_flight_and_its_record(tmp_path: Path) -> None:
    desk, begun, may_end = Desk(tmp_path / "state"), Event(), Event()

    def take_long() -> None:
        begun.set()
        may_end.wait(10)

    desk.tracker.during_post = take_long
    desk.owe(1)
    desk.courier.wake()
    assert begun.wait(10)

    stopping = Thread(target=desk.courier.stop)
    stopping.start()
    assert desk.ledger.owed == 1
    may_end.set()
    stopping.join(10)

    assert desk.tracker.events == ["e1"]
    assert desk.ledger.owed == 0
