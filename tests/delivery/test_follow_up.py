"""The life of an issue: alerts, status changes, what the tracker holds after each; with a fault at every call."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import hostile
from support.ledger_doors import Ledger
from support.rendered import skeletons
from support.tracker_in_memory import Killed, Manner, TrackerInMemory

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.issue import MUTE, Closer, Issue
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.delivery.courier import Courier
from booty.observability.delivery.follow_up import FollowUp
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.counter import BEGIN, END
from booty.observability.issues.life.counter_notes import NOTE
from booty.observability.issues.life.edits import REGRESSION
from booty.observability.issues.life.recurrence import on_recurrence
from booty.observability.issues.life.status_change import on_status_change
from booty.observability.issues.life.step import Rules, Step
from booty.observability.issues.outcomes import Absent, Busy, LabelRefused, Locked, Refused, Unknown
from booty.observability.issues.page.notice import OF_A_COMMENT
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.version import note_server
from booty.observability.ledger.schedule.gate import LEASE_SECONDS
from booty.observability.ledger.schedule.jobs import Idle

HOUR = 3600.0
DAY = 24 * HOUR
NOW = 1_800_000_000.0
POLICY = Policy(Severity.ERROR, 6 * HOUR)
OLD, NEW, NEWER = f"booty@{'a' * 40}", f"booty@{'b' * 40}", f"booty@{'c' * 40}"
FOLLOWED = Rules(window_seconds=30 * DAY, web=WebLinks("https://github.com/acme/shop"))


class World:
    """A service with a clock of its own, its ledger on disk, and a tracker."""

    def __init__(self, directory: Path, tracker: TrackerInMemory) -> None:
        self.tracker = tracker
        self.directory = directory
        self.ledger = Ledger(directory, keep_seconds=60 * DAY)
        self.now = tracker.now = NOW
        self.events = 0
        self.start()

    def start(self) -> None:
        self.courier = Courier(
            self.ledger.queue, self.tracker, trigger_label="agent:builder", rules=FOLLOWED, clock=lambda: self.now
        )

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.tracker.now = self.now

    def alert(self, *, release: str = OLD) -> Verdict:
        """Let an alert come, and deliver."""
        self.events += 1
        one = Alert(fingerprint="1:1", event=f"e{self.events}", severity=Severity.ERROR, release=release)
        verdict = self.ledger.claims.claim(one, lambda known: decide(one, POLICY, known, self.now), now=self.now)
        self.ledger.claims.flush()  # what a storm counts together is written within a quarter of a second
        self.deliver()
        return verdict

    def come_back(self, release: str) -> None:
        """Let a person close the issue, and the problem come back in `release`, while something else is delivered."""
        self.tracker.during = lambda _: None
        self.tracker.close(1, is_completed=True)
        self.later(60)
        one = Alert(fingerprint="1:1", event="back", severity=Severity.ERROR, release=release)
        self.ledger.claims.claim(one, lambda known: decide(one, POLICY, known, self.now), now=self.now)
        self.ledger.claims.flush()

    def record_status_change(self, change: str, *, key: str, by_person: bool = False) -> bool:
        """Let a status change come, and deliver."""
        is_new = self.ledger.claims.record_status_change(
            StatusChange.read(
                {"fingerprint": "1:1", "change": change, "key": key, "actor": "ada", "by_person": by_person}
            ),
            now=self.now,
        )
        self.deliver()
        return is_new

    def deliver(self) -> None:
        """Deliver until nothing is owed; a killed process is started again."""
        while self.ledger.owed:
            try:
                rest = self.courier.step()
            except Killed:
                self.start()
                continue
            if isinstance(rest, Idle):
                self.later(max((rest.until or self.now) - self.now, 0.001))

    def calls(self, act: Callable[[], object]) -> list[str]:
        """Return the calls to the tracker that `act` makes."""
        before = len(self.tracker.calls)
        act()
        return self.tracker.calls[before:]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, TrackerInMemory())


@given(st.lists(st.sampled_from([*hostile.TEXTS, *hostile.GRAMMAR]), min_size=1, max_size=6).map("".join))
def test_whatever_a_comment_quotes_stands_in_code_with_a_notice_below_it(text: str) -> None:
    def told(text: str) -> list[str]:
        """Let all happen that makes comments; `text` is the release, and the actor's name."""
        tracker = TrackerInMemory()
        issue = Issue(number=1, is_open=True, is_completed=False, closed_at=None, labels=(), body="")
        closed = replace(issue, is_open=False, is_completed=True, closed_at=NOW - HOUR)
        known = Problem(1, 7, NOW - DAY, NOW, {OLD: NOW - DAY, text: NOW}, told_count=1, told_releases=(OLD,))
        alert = Alert(fingerprint="1:1", event="e2", severity=Severity.ERROR, release=text)
        quoting = {"fingerprint": "1:1", "key": "k", "actor": text, "release": text}
        resolved, unresolved, muted = (
            StatusChange.read({**quoting, "change": change}) for change in ("resolved", "unresolved", "muted")
        )
        steps: list[tuple[Issue, Callable[[Issue], Step]]] = [
            (issue, lambda of: on_recurrence(alert, known, of, FOLLOWED, now=NOW)),
            (closed, lambda of: on_recurrence(alert, known, of, FOLLOWED, now=NOW)),
            (issue, lambda of: on_status_change(resolved, known, of, FOLLOWED, now=NOW)),
            (closed, lambda of: on_status_change(unresolved, known, of, FOLLOWED, now=NOW)),
            (issue, lambda of: on_status_change(muted, known, of, FOLLOWED, now=NOW)),
        ]
        for before, decides in steps:
            tracker.issues[1] = before
            FollowUp(tracker, 1, event="e", doubtful_since=None).run(decides)
        return tracker.comments[1]

    comments = told(text)

    assert len(comments) == 5
    assert all(comment.split("\n\n")[1] == OF_A_COMMENT for comment in comments)
    assert [skeletons(comment) for comment in comments] == [skeletons(comment) for comment in told("x")]


def test_a_comment_of_our_own_words_alone_needs_no_notice(world: World) -> None:
    for _ in range(10):
        world.alert()
        world.later(7 * HOUR)

    assert world.tracker.comments == {1: ["Seen 10 times so far.\n\n<!-- booty:event=e10 -->"]}


def test_an_alert_after_the_cooldown_edits_the_counter_of_its_issue_in_two_calls(world: World) -> None:
    world.alert()
    for _ in range(3):
        world.alert()
    world.later(7 * HOUR)

    assert world.calls(world.alert) == ["read 1", "edit 1"]
    assert "**Seen 5 times**" in world.tracker.issues[1].body
    assert world.tracker.comments == {}


def test_a_suppressed_alert_costs_no_call_and_is_counted(world: World) -> None:
    world.alert()

    assert world.calls(lambda: [world.alert() for _ in range(30)]) == []
    world.later(7 * HOUR)
    world.alert()
    assert "**Seen 32 times**" in world.tracker.issues[1].body
    assert [text.split("\n")[0] for text in world.tracker.comments[1]] == ["Seen 32 times so far."]


def test_a_new_release_is_told_once(world: World) -> None:
    world.alert()
    world.later(7 * HOUR)
    world.alert(release=NEW)
    world.later(7 * HOUR)
    world.alert(release=NEW)

    assert [text.split(";")[0] for text in world.tracker.comments[1]] == [f"Also seen in release `{NEW}`"]


def test_a_regression_reopens_but_an_old_release_does_not(world: World) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.close(1, is_completed=True)
    world.later(DAY)

    assert world.calls(world.alert) == ["read 1"]
    assert not world.tracker.issues[1].is_open
    world.later(DAY)
    world.alert(release=NEW)
    assert world.tracker.issues[1].is_open
    assert REGRESSION in world.tracker.issues[1].labels
    assert len(world.tracker.comments[1]) == 1


def test_what_comes_back_long_after_its_closing_gets_a_new_issue_that_links_the_old(world: World) -> None:
    world.alert()
    world.tracker.close(1, is_completed=True)
    world.later(31 * DAY)
    world.alert(release=NEW)

    assert world.tracker.issues[2].is_open
    assert "This was #1 before" in world.tracker.issues[2].body
    world.later(DAY)
    assert world.calls(lambda: world.alert(release=NEW)) == ["read 2", "edit 2"]


def test_a_muted_problem_is_silent_until_the_issue_is_reopened(world: World) -> None:
    world.alert()
    world.tracker.close(1, is_completed=False)
    world.later(DAY)
    assert world.calls(world.alert) == ["read 1"]
    world.later(DAY)
    world.tracker.open(1)

    assert world.calls(world.alert) == ["read 1", "edit 1"]
    assert "**Seen 3 times**" in world.tracker.issues[1].body


def test_a_deleted_issue_is_made_anew(world: World) -> None:
    world.alert()
    del world.tracker.issues[1]
    world.later(DAY)
    world.alert()

    assert list(world.tracker.issues) == [1]


def test_a_passing_404_makes_no_second_issue_and_loses_no_status_change(world: World) -> None:
    world.alert()
    world.later(DAY)

    world.tracker.absences = ["missing"]
    assert world.calls(world.alert) == ["read 1", "read 1", "edit 1"]
    world.tracker.absences = ["missing"]
    assert world.calls(lambda: world.record_status_change("resolved", key="a")) == [
        "read 1",
        "read 1",
        "comment 1",
        "read 1",
        "edit 1",
    ]
    assert list(world.tracker.issues) == [1]
    assert world.tracker.issues[1].is_completed


def test_an_issue_that_is_missing_twice_is_made_anew_with_true_words(world: World) -> None:
    world.alert()
    world.later(DAY)
    asked: list[float] = []
    world.tracker.during = lambda call: asked.append(world.now) if call == "read 1" else None

    world.tracker.absences = ["missing", "missing"]
    world.alert()

    assert "This was #1 before, which can no longer be read." in world.tracker.issues[2].body
    assert 10 <= asked[1] - asked[0] <= 60


def test_an_issue_must_be_missing_twice_in_a_row(world: World) -> None:
    world.alert()
    world.later(DAY)

    world.tracker.absences = ["missing"]
    world.tracker.refusals["edit"] = [Unknown("503")]
    edits = 0

    def vanish_again(call: str) -> None:
        nonlocal edits
        edits += call == "edit 1"
        world.tracker.absences = ["missing"] if call == "edit 1" and edits == 1 else world.tracker.absences

    world.tracker.during = vanish_again
    world.alert()

    assert list(world.tracker.issues) == [1]


@pytest.mark.parametrize("refusal", [Absent("404", remedy="a permission"), Busy("409")])
@pytest.mark.parametrize("verb", ["comment", "edit", "label"])
def test_what_passes_of_any_call_that_writes_changes_nothing_in_the_end(
    world: World, verb: str, refusal: Refused
) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.close(1, is_completed=True)
    world.later(DAY)
    world.tracker.refusals[verb] = [refusal]
    world.alert(release=NEW)

    assert world.tracker.issues[1].is_open
    assert REGRESSION in world.tracker.issues[1].labels
    assert len(world.tracker.comments[1]) == 1
    assert world.ledger.stop is None


@pytest.mark.parametrize("verb", ["create", "comment", "edit"])
def test_what_does_not_pass_is_a_dead_letter_after_one_more_try(world: World, verb: str) -> None:
    if verb != "create":
        world.alert()
        world.later(DAY)
        world.tracker.close(1, is_completed=True)
        world.later(DAY)
    world.tracker.refusals[verb] = [Busy("409")] * 9
    world.alert(release=NEW)

    assert len(world.tracker.refusals[verb]) == 7
    assert [dead.reason for dead in world.ledger.refused] == ["409"]
    assert world.ledger.stop is None


def test_what_a_person_does_during_the_comment_stays(world: World) -> None:
    world.alert()
    world.later(7 * HOUR)

    def edit_meanwhile(call: str) -> None:
        issue = world.tracker.issues[1]
        if call == "comment 1":
            body = issue.body.replace("<!-- booty:fingerprint", "- [x] reproduced\n\n<!-- booty:fingerprint")
            world.tracker.issues[1] = replace(issue, body=body, labels=(*issue.labels, "in-progress"))

    world.tracker.during = edit_meanwhile
    world.alert(release=NEW)

    assert "- [x] reproduced" in world.tracker.issues[1].body
    assert "**Seen 2 times**" in world.tracker.issues[1].body
    assert "in-progress" in world.tracker.issues[1].labels


@pytest.mark.parametrize("trouble", [Locked("issue is locked"), Unknown("503")])
def test_what_a_person_does_during_a_comment_that_fails_stays_too(world: World, trouble: Exception) -> None:
    world.alert()
    world.later(7 * HOUR)
    world.tracker.refusals["comment"] = [trouble]

    def edit_meanwhile(call: str) -> None:
        if call in {"comment 1", "has_comment 1"}:
            body = f"{call}\n\n{world.tracker.issues[1].body}"
            world.tracker.issues[1] = replace(world.tracker.issues[1], body=body)

    world.tracker.during = edit_meanwhile
    world.alert(release=NEW)

    assert world.tracker.issues[1].body.startswith(
        "comment 1\n\n" if isinstance(trouble, Locked) else "comment 1\n\nhas_"
    )


def test_a_person_who_mutes_the_issue_during_the_comment_is_heeded(world: World) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.close(1, is_completed=True)
    world.later(DAY)
    world.tracker.during = lambda call: world.tracker.close(1, is_completed=False) if call == "comment 1" else None

    world.alert(release=NEW)

    assert not world.tracker.issues[1].is_open


@pytest.mark.parametrize("manner", ["lost", "killed"])
def test_what_comes_back_while_a_comment_is_in_doubt_is_reopened_with_words(world: World, manner: Manner) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.during = lambda call: world.come_back(NEWER) if call == "comment 1" else None
    world.tracker.fails_at, world.tracker.manner = len(world.tracker.calls) + 2, manner

    world.alert(release=NEW)

    said = [text[:12] for text in world.tracker.comments[1]]
    assert world.tracker.issues[1].is_open
    assert said == ["Also seen in", "**Regressed*"]


def test_a_regression_asks_once_what_closed_the_issue_and_hands_it_over_last(world: World) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.close(1, is_completed=True)
    world.tracker.closers[1] = Closer(pull=12)
    world.later(DAY)

    calls = world.calls(lambda: world.alert(release=NEW))

    assert calls[:3] == ["read 1", "closer 1", "comment 1"]
    assert calls[-3:] == ["read 1", "edit 1", "label 1"]
    assert "by #12." in world.tracker.comments[1][0]


def test_a_comment_is_written_also_when_nobody_knows_what_closed_the_issue(world: World) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.close(1, is_completed=True)
    world.tracker.refusals["closer"] = [Refused("403", remedy="a permission")]
    world.later(DAY)
    world.alert(release=NEW)

    assert world.tracker.issues[1].is_open
    assert len(world.tracker.comments[1]) == 1


def test_what_a_locked_issue_cannot_be_told_stands_in_its_counter_block(world: World) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.close(1, is_completed=True)
    world.later(DAY)
    world.tracker.refusals["comment"] = [Locked("issue is locked")]
    world.alert(release=NEW)

    issue = world.tracker.issues[1]
    assert (issue.is_open, REGRESSION in issue.labels, world.tracker.comments) == (True, True, {})
    block = issue.body.split(BEGIN)[1].split(END)[0]
    assert NEW in block.split(NOTE)[1]
    world.later(DAY)
    world.alert(release=NEW)
    assert "**Seen 3 times**" in world.tracker.issues[1].body
    assert world.tracker.issues[1].body.count(NOTE) == 1


def test_a_refused_label_costs_no_other_label(world: World) -> None:
    world.alert()
    refusal = LabelRefused("422")
    world.tracker.refusals["label"] = [refusal, refusal]
    step = Step(Edit(add_labels=("first", "second")))

    FollowUp(world.tracker, 1, event="e", doubtful_since=None).run(lambda _: step)

    assert world.tracker.issues[1].labels[-1] == "second"


def test_a_holder_that_lost_its_work_writes_nothing_more(world: World) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.close(1, is_completed=True)
    world.later(DAY)
    first = world.courier

    def take_over(call: str) -> None:
        if call == "closer 1":
            world.tracker.during = lambda _: None
            world.later(LEASE_SECONDS + 1)
            world.start()
            world.deliver()

    world.tracker.during = take_over
    world.events += 1
    one = Alert(fingerprint="1:1", event="late", severity=Severity.ERROR, release=NEW)
    world.ledger.claims.claim(one, lambda known: decide(one, POLICY, known, world.now), now=world.now)
    first.step()

    assert len(world.tracker.comments[1]) == 1
    assert world.tracker.issues[1].is_open
    assert world.tracker.calls.count("edit 1") == 1


def test_a_lease_is_renewed_before_each_call_that_writes(world: World) -> None:
    world.alert()
    world.later(DAY)
    world.tracker.close(1, is_completed=True)
    world.later(DAY)
    other = Courier(world.ledger.queue, world.tracker, trigger_label="agent:builder", clock=lambda: world.now)

    def go_slow(call: str) -> None:
        del call
        world.later(LEASE_SECONDS - 2)
        assert isinstance(other.step(), Idle)

    world.tracker.during = go_slow
    world.alert(release=NEW)

    assert world.tracker.issues[1].is_open
    assert len(world.tracker.comments[1]) == 1


def test_news_of_sentry_close_mute_and_reopen(world: World) -> None:
    world.alert()

    assert world.record_status_change("resolved", key="a")
    assert world.tracker.issues[1].is_completed
    assert world.record_status_change("unresolved", key="b")
    assert world.tracker.issues[1].is_open
    assert world.record_status_change("muted", key="c")
    assert MUTE in world.tracker.issues[1].labels


def test_the_same_news_twice_are_heard_once(world: World) -> None:
    world.alert()
    world.record_status_change("resolved", key="a")
    world.record_status_change("unresolved", key="b")

    assert not world.record_status_change("resolved", key="a")
    assert world.tracker.issues[1].is_open


def test_news_of_a_problem_without_an_issue_are_not_for_us(world: World) -> None:
    assert not world.record_status_change("resolved", key="a")
    assert world.tracker.calls == []


def live(world: World) -> None:
    """Live through it all: file, be suppressed, recur, a new release, closed, old and new events, a status change."""
    world.alert()
    for _ in range(12):
        world.alert()
    world.later(7 * HOUR)
    world.alert()
    world.later(7 * HOUR)
    world.alert(release=NEW)
    world.later(HOUR)
    world.tracker.close(1, is_completed=True)
    world.later(7 * HOUR)
    world.alert(release=OLD)
    world.later(7 * HOUR)
    world.alert(release=f"booty@{'c' * 40}")
    world.record_status_change("resolved", key="a")
    world.record_status_change("unresolved", key="b")
    world.record_status_change("muted", key="c")
    world.later(7 * HOUR)
    world.alert(release=NEW)


def state(world: World) -> tuple[object, ...]:
    """Return what there is in the end, but for the times of day, which a fault delays."""
    comments = [re.sub("last seen on .*", "", text.split("\n")[0]) for text in world.tracker.comments.get(1, ())]
    issue = world.tracker.issues[1]
    return len(world.tracker.issues), issue.is_open, set(issue.labels), comments, world.ledger.refused


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("undisturbed"), TrackerInMemory())
    live(world)
    return world


def test_an_undisturbed_life_says_each_thing_once(undisturbed: World) -> None:
    issues, is_open, labels, comments, refused = state(undisturbed)

    assert (issues, is_open, refused) == (1, True, ())
    assert labels == {"agent:builder", "severity:error", REGRESSION, MUTE}
    assert isinstance(comments, list)
    assert [text[:12] for text in comments] == [
        "Seen 14 time", "Also seen in", "**Regressed*", "Resolved in ", "Reopened in ", "Archived in ",
    ]  # fmt: skip


@pytest.mark.parametrize("manner", get_args(Manner))
def test_a_fault_at_any_one_call_changes_nothing_in_the_end(undisturbed: World, tmp_path: Path, manner: Manner) -> None:
    for fails_at in range(1, len(undisturbed.tracker.calls) + 1):
        world = World(tmp_path / str(fails_at), TrackerInMemory(fails_at=fails_at, manner=manner))
        live(world)

        assert state(world) == state(undisturbed), f"{manner} at call {fails_at}: {world.tracker.calls}"


def rule(world: World, action: Severity | str, incident: int) -> None:
    """Let a metric's rule fire, or say that it is over, and deliver."""
    world.events += 1
    if isinstance(action, Severity):
        one = Alert(
            kind="metric",
            fingerprint="metric:77",
            event=f"m{world.events}",
            severity=action,
            title=f"{action}: p95 over 800 ms",
            incident=incident,
        )
        world.ledger.claims.claim(one, lambda known: decide(one, METRICS, known, world.now), now=world.now)
    else:
        over = StatusChange(fingerprint="metric:77", change="resolved", key=f"k{world.events}", incident=incident)
        world.ledger.claims.record_status_change(over, now=world.now)
    world.deliver()
    world.later(3)


METRICS = Policy(Severity.WARNING, 6 * HOUR)


def flap(world: World) -> None:
    """Let a rule fire, get worse, be over and fire anew, all within its cooldown."""
    rule(world, Severity.WARNING, 50)
    rule(world, Severity.FATAL, 50)
    rule(world, "over", 50)
    rule(world, Severity.FATAL, 51)
    rule(world, "over", 51)
    rule(world, Severity.WARNING, 52)


def test_a_metrics_rule_that_flaps_is_one_issue_closed_and_reopened(world: World) -> None:
    flap(world)

    assert len(world.tracker.issues) == 1
    assert world.tracker.issues[1].is_open
    assert {"severity:fatal", REGRESSION} <= set(world.tracker.issues[1].labels)
    assert "severity:warning" not in world.tracker.issues[1].labels
    assert world.tracker.issues[1].title.startswith("[fatal] ")
    assert [text[:12] for text in world.tracker.comments[1]] == [
        "Worse than b", "Resolved in ", "**Regressed*", "Resolved in ", "**Regressed*",
    ]  # fmt: skip


@pytest.mark.parametrize("manner", get_args(Manner))
def test_a_fault_at_any_one_call_makes_no_second_issue_of_a_rule(world: World, tmp_path: Path, manner: Manner) -> None:
    flap(world)
    for fails_at in range(1, len(world.tracker.calls) + 1):
        other = World(tmp_path / str(fails_at), TrackerInMemory(fails_at=fails_at, manner=manner))
        flap(other)

        assert len(other.tracker.issues) == 1, f"{manner} at call {fails_at}: {other.tracker.calls}"
        assert other.tracker.issues[1].is_open
        assert set(other.tracker.issues[1].labels) == set(world.tracker.issues[1].labels)


@pytest.mark.parametrize("known_as", ["metric:77", "metric:77:50"])
def test_the_issue_of_a_rule_is_adopted_when_the_ledger_is_lost(world: World, tmp_path: Path, known_as: str) -> None:
    rule(world, Severity.FATAL, 50)
    issue = world.tracker.issues[1]
    world.tracker.issues[1] = replace(issue, body=issue.body.replace("=metric:77 ", f"={known_as} "))
    afterwards = World(tmp_path / "new", world.tracker)
    afterwards.later(HOUR)
    rule(afterwards, Severity.FATAL, 51)
    rule(afterwards, "over", 51)

    assert len(world.tracker.issues) == 1
    assert not world.tracker.issues[1].is_open


def test_the_issue_of_a_rule_is_adopted_by_the_event_of_the_same_problem(world: World, tmp_path: Path) -> None:
    rule(world, Severity.FATAL, 50)
    afterwards = World(tmp_path / "new", world.tracker)
    afterwards.later(HOUR)
    one = Alert(fingerprint="1:901", event="e", severity=Severity.ERROR, aliases=("issue:901", "metric:77"))
    afterwards.ledger.claims.claim(
        one, lambda history: decide(one, POLICY, history, afterwards.now), now=afterwards.now
    )
    afterwards.deliver()

    assert len(world.tracker.issues) == 1


@pytest.mark.parametrize(("hours", "issues"), [(1, 1), (23, 1), (25, 2)])
def test_an_issue_that_a_replaced_database_lacks_is_adopted_for_a_day(
    world: World, tmp_path: Path, hours: int, issues: int
) -> None:
    world.alert()
    afterwards = World(tmp_path / "new", world.tracker)
    for server in ("1/00000001", "1/00000002"):
        afterwards.ledger.engine.transact(partial(note_server, server=server, before="", now=afterwards.now))
    afterwards.later(hours * HOUR)

    afterwards.events = 7

    assert afterwards.alert() is Verdict.ACCEPTED
    assert len(world.tracker.issues) == issues
    assert afterwards.alert(release=NEW) is Verdict.NEWS
    assert len(world.tracker.issues) == issues
    assert len(world.tracker.comments[issues]) == 1


def test_what_came_between_a_closing_and_our_knowing_of_it_reopens_the_issue(world: World) -> None:
    world.alert()
    world.later(60)
    world.tracker.close(1, is_completed=True)
    world.later(30)
    assert world.alert(release="") is Verdict.COOLDOWN
    ClosingBook(SqliteEngine(world.directory)).learn(world.tracker.issues.values(), as_of=world.now, now=world.now)
    world.deliver()

    assert world.tracker.issues[1].is_open
    assert [text[:12] for text in world.tracker.comments[1]] == ["**Regressed*"]


def test_unresolved_past_the_window_makes_a_new_issue_of_the_next_alert_within_its_cooldown(world: World) -> None:
    world.alert()
    world.tracker.close(1, is_completed=True)
    world.later(31 * DAY)
    world.alert()
    assert world.record_status_change("unresolved", key="u", by_person=True)
    world.later(60)
    assert world.alert() is Verdict.NEWS

    assert sorted(world.tracker.issues) == [1, 2]
    assert "This was #1 before" in world.tracker.issues[2].body
