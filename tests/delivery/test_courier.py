"""Delivery: every outcome of a call, with a real ledger, a scripted tracker and a clock that the test sets.

The scripted tracker keeps issues as GitHub does, and shows a new one in its list only after a lag.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import floats, lists, sampled_from, tuples
from support import alerts
from support.ledger_doors import Ledger
from support.tracker_in_memory import TrackerInMemory

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef
from booty.observability.delivery.courier import Courier
from booty.observability.delivery.retry import (
    FIRST_LOOK_SECONDS,
    LONGEST_BACKOFF_SECONDS,
    LONGEST_PAUSE_SECONDS,
    PROMPT_SECONDS,
    SECOND_LOOK_SECONDS,
    backoff,
)
from booty.observability.issues.code.code_context import CodeContext
from booty.observability.issues.draft import Draft, marker_of
from booty.observability.issues.outcomes import LabelRefused, Postponed, Refused, Unknown
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.gate import LEASE_SECONDS
from booty.observability.ledger.schedule.jobs import Idle, Job
from booty.observability.text.moments import iso

NOW = 1_800_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR
LOST, NEVER = "lost", "never"
"""The answer to a post that made its issue is lost; or nothing was made, and nobody says so."""

Outcome = str | Exception | None


class Killed(BaseException):
    """The process is gone; no `except Exception` sees it."""


@dataclass
class Clock:
    """Seconds that pass when the test says so."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class ScriptedTracker(TrackerInMemory):
    """Does what `posts` and `looks` say, call by call, then succeeds; `during_post` runs inside every post."""

    clock: Clock = field(default_factory=Clock)
    posts: list[Outcome] = field(default_factory=list)
    looks: list[Outcome] = field(default_factory=list)
    checks: list[Outcome] = field(default_factory=list)
    lag_seconds: float = 0.0
    during_post: Callable[[], object] = lambda: None
    filed: list[tuple[str, float]] = field(default_factory=list)
    timed: list[tuple[str, float]] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    refused_events: dict[str, Outcome] = field(default_factory=dict)

    def create(self, draft: Draft) -> IssueRef:
        self.timed.append(("create", self.clock.now))
        self.labels.append(draft.labels)
        outcome = self.refused_events.get(_event(draft)) or (self.posts.pop(0) if self.posts else None)
        if outcome in {None, LOST}:
            self.filed.append((_event(draft), self.clock.now))
        self.during_post()
        if isinstance(outcome, str):
            raise Unknown(outcome)
        if outcome is not None:
            raise outcome
        return IssueRef(len(self.filed), "")

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        self.timed.append(("find", self.clock.now))
        outcome = self.looks.pop(0) if self.looks else None
        if isinstance(outcome, Exception):
            raise outcome
        for number, (event, filed_at) in enumerate(self.filed, start=1):
            if event == _event(draft) and max(since, filed_at) <= self.clock.now - self.lag_seconds:
                return IssueRef(number, "")
        return None

    def check(self) -> None:
        self.timed.append(("check", self.clock.now))
        outcome = self.checks.pop(0) if self.checks else None
        if isinstance(outcome, Exception):
            raise outcome

    @property
    def verbs(self) -> list[str]:
        return [verb for verb, _ in self.timed]

    @property
    def events(self) -> list[str]:
        return [event for event, _ in self.filed]


def _event(draft: Draft) -> str:
    marker = marker_of(draft.body)
    assert marker is not None
    return marker.event


@dataclass
class Desk:
    """A ledger, a tracker, a clock; any number of couriers over them."""

    directory: Path
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.tracker = ScriptedTracker(clock=self.clock)
        self.ledger = Ledger(self.directory, keep_seconds=30 * 24 * HOUR)
        self.courier = self.another_courier()

    def another_courier(self, *, owner: str = "old") -> Courier:
        ledger = Ledger(self.directory, keep_seconds=30 * 24 * HOUR)
        return Courier(ledger.queue, self.tracker, trigger_label="agent:builder", token=owner, clock=self.clock)

    def owe(self, number: int = 1) -> None:
        one = alerts.alert(fingerprint=f"1:{number}", event=f"e{number}")
        policy = Policy(one.severity, 6 * HOUR)
        verdict = self.ledger.claims.claim(
            one, lambda history: decide(one, policy, history, self.clock.now), now=self.clock.now
        )
        assert verdict is Verdict.ACCEPTED

    def pass_time(self, seconds: float = 24 * HOUR, *, until: Callable[[], bool] | None = None) -> None:
        """Step whenever something is due, for at most `seconds`; end as soon as nothing is owed, or `until` is so."""
        ends_at, is_over = self.clock.now + seconds, until or (lambda: not self.ledger.owed)
        while self.clock.now <= ends_at and not is_over():
            rest = self.courier.step()
            if rest is not None:
                self.clock.now = max(self.clock.now, rest.until or ends_at + 1)

    def reasons(self) -> list[str]:
        return [letter.reason for letter in self.ledger.refused]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "state")


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
    desk.ledger.queue.lease(now=NOW)

    desk.pass_time()

    assert desk.tracker.verbs == ["find", "find", "create"]
    assert desk.tracker.events == ["e1"]


def test_a_call_that_outlives_its_lease_makes_one_issue(desk: Desk) -> None:
    desk.owe()
    other = desk.another_courier()

    def go_slow() -> None:
        desk.tracker.during_post = lambda: None
        desk.clock.now += LEASE_SECONDS + 1
        other.step()

    desk.tracker.during_post = go_slow
    desk.courier.step()
    desk.pass_time()

    assert desk.tracker.verbs == ["create", "find"]
    assert desk.tracker.events == ["e1"]
    assert desk.ledger.owed == 0


def test_a_call_that_outlives_its_lease_and_fails_leaves_the_work_to_its_new_holder(desk: Desk) -> None:
    desk.owe()
    desk.tracker.posts, desk.tracker.lag_seconds = [LOST], 20.0
    other = desk.another_courier()

    def go_slow() -> None:
        desk.tracker.during_post = lambda: None
        desk.clock.now += LEASE_SECONDS + 1
        other.step()

    desk.tracker.during_post = go_slow
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

    def gather(self, alert: Alert, *, now: float) -> CodeContext | None:
        del alert, now
        self.clock.now += self.seconds
        self.seconds = 0
        self.meanwhile()
        return None

    def trusted(self, commits: Collection[str], *, now: float) -> frozenset[str]:
        del commits, now
        return frozenset()


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


def test_an_issue_that_the_ledger_could_not_record_is_adopted(desk: Desk) -> None:
    desk.owe()
    aside = desk.directory.with_name("aside")

    def lose_the_directory() -> None:
        desk.directory.rename(aside)
        desk.directory.write_text("no directory")

    desk.tracker.during_post = lose_the_directory
    with pytest.raises(NotStored):
        desk.courier.step()
    with pytest.raises(NotStored):
        desk.courier.step()
    desk.directory.unlink()
    aside.rename(desk.directory)
    desk.pass_time()

    assert desk.tracker.verbs == ["create", "find"]
    assert desk.tracker.events == ["e1"]


def test_nothing_is_posted_when_the_ledger_cannot_record_that_a_post_begins(desk: Desk) -> None:
    desk.owe()
    aside = desk.directory.with_name("aside")
    desk.directory.rename(aside)
    desk.directory.write_text("no directory")

    with pytest.raises(NotStored):
        desk.courier.step()
    assert desk.tracker.timed == []


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
        ("create", NOW + 1800),
        ("create", NOW + 1800 + SPACING_SECONDS),
    ]
    assert sorted(desk.tracker.events) == ["e1", "e2"]


def test_a_tracker_that_cannot_be_reached_is_asked_less_and_less_often(desk: Desk) -> None:
    desk.tracker.posts = [Postponed("no route") for _ in range(8)]
    desk.owe()

    desk.pass_time()

    times = [at for _, at in desk.tracker.timed]
    assert [later - at for at, later in pairwise(times)] == [1, 2, 4, 8, 16, 30, 30, 30]
    assert desk.tracker.verbs == ["create"] * 9


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
    assert "python -m booty retry" in caplog.records[0].__dict__["remedy"]


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
    assert rest == Idle(stop.next_at, is_closed=True, stop=stop)


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


def test_a_post_of_unknown_outcome_says_when_it_is_looked_for(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.tracker.posts = [Unknown("503")]
    desk.owe()

    desk.courier.step()

    assert caplog.records[0].__dict__["again_in_seconds"] == FIRST_LOOK_SECONDS


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


def test_a_refused_label_costs_the_label_and_not_the_alert(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.tracker.posts = [LabelRefused("GitHub answered 422: label"), LabelRefused("GitHub answered 422: label")]
    desk.owe()

    desk.pass_time()

    assert desk.tracker.labels == [("agent:builder", "severity:error"), ("agent:builder",), ("severity:error",)]
    assert desk.tracker.events == ["e1"]
    assert [record.getMessage() for record in caplog.records] == ["labels_refused", "labels_refused"]


DELAYS = [
    (Unknown("503"), 0, 1.0),
    (Unknown("503"), 3, 8.0),
    (Unknown("503"), 10_000, LONGEST_BACKOFF_SECONDS),
    (Postponed("429", is_limit=True), 0, 60.0),
    (Postponed("429", is_limit=True), 2, 240.0),
    (Postponed("429", is_limit=True), 10_000, LONGEST_PAUSE_SECONDS),
    (Postponed("429", pause_seconds=7, is_limit=True), 0, 7.0),
    (Postponed("429", pause_seconds=-3000, is_limit=True), 0, 1.0),
    (Postponed("429", pause_seconds=-3000, is_limit=True), 9, LONGEST_BACKOFF_SECONDS),
    (Postponed("429", pause_seconds=1e12, is_limit=True), 0, LONGEST_PAUSE_SECONDS),
]


@pytest.mark.parametrize(("delay", "failures", "seconds"), DELAYS, ids=range(len(DELAYS)))
def test_a_pause_is_the_trackers_own_or_doubles_with_every_failure(
    delay: Postponed | Unknown, failures: int, seconds: float
) -> None:
    assert backoff(delay, failures=failures) == seconds


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
