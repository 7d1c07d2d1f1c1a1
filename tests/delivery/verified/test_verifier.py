"""An issue is verified once, after its problem stayed away in a later release; in doubt nothing is said."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from support.deaths import Tell, deaths
from support.tracker_in_memory import Killed, TrackerInMemory
from support.verifying import DAY, HOUR, NEW, NOW, OLD, A, B, C, Closed

from booty.observability.alerts.issue import MUTE, VERIFIED, Closer
from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Locked, Postponed, Refused, Unknown
from booty.observability.sentry.api.client import SentryTrouble

SAID = (
    "**Verified fixed.** No alert about this problem has arrived for 1 day, while"
    f" [bbbbbbb](https://github.com/acme/shop/commit/{B}), released after this issue was closed, was live."
)


@pytest.fixture
def tracker() -> TrackerInMemory:
    return TrackerInMemory()


@pytest.fixture
def closed(tmp_path: Path, tracker: TrackerInMemory) -> Closed:
    """Return a problem whose issue was closed a moment ago."""
    problem = Closed(tmp_path, tracker)
    problem.come(OLD)
    close(problem, tracker)
    return problem


def close(problem: Closed, tracker: TrackerInMemory) -> None:
    tracker.now = problem.now
    tracker.close(1, is_completed=True)
    problem.now += 1
    problem.poll()


def comments(tracker: TrackerInMemory) -> list[str]:
    return [text.partition("\n")[0] for text in tracker.comments.get(1, [])]


def is_verified(tracker: TrackerInMemory) -> bool:
    assert (len(comments(tracker)) == 1) is tracker.issues[1].has(VERIFIED)
    return bool(comments(tracker))


def test_says_so_once_after_so_many_quiet_days_and_labels_it(closed: Closed, tracker: TrackerInMemory) -> None:
    closed.run(hours=24)
    assert not is_verified(tracker)

    closed.run(hours=48)
    assert comments(tracker) == [SAID]
    assert tracker.issues[1].labels == (VERIFIED,)
    closed.poll()
    closed.run(hours=48)
    assert comments(tracker) == [SAID]


def test_alerts_of_other_problems_tell_that_the_later_release_is_live(closed: Closed, tracker: TrackerInMemory) -> None:
    closed.come(NEW, problem="1:2")
    closed.run(None, hours=23)
    closed.come(NEW, problem="1:3")
    closed.run(None, hours=3)

    assert is_verified(tracker)


def test_waits_until_something_is_heard_of_the_release_again(closed: Closed, tracker: TrackerInMemory) -> None:
    closed.come(NEW, problem="1:2")
    closed.run(None, hours=80)
    assert not is_verified(tracker)

    closed.come(NEW, problem="1:3")
    closed.run(None, hours=1)
    assert is_verified(tracker)


def never(closed: Closed, tracker: TrackerInMemory) -> bool:
    closed.run(None, hours=48)
    return not is_verified(tracker)


@pytest.mark.parametrize(
    "tell",
    [
        lambda _: None,
        lambda closed: closed.come(OLD, problem="1:2"),
        lambda closed: closed.come("booty@1.2", problem="1:2"),
        lambda closed: closed.come(None, problem="1:2"),
        lambda closed: closed.come(NEW, problem="1:2", environment="staging"),
        lambda closed: closed.come(NEW, problem="2:2"),
        lambda closed: closed.come(f"worker@{B}", problem="1:2"),
    ],
    ids=["nothing", "old", "no commit", "no release", "another environment", "another project", "another package"],
)
def test_no_later_release_of_the_same_place_verifies_nothing(
    closed: Closed, tracker: TrackerInMemory, tell: Callable[[Closed], None]
) -> None:
    for _ in range(3):
        tell(closed)
        assert never(closed, tracker)


def test_a_problem_without_the_name_of_a_commit_is_never_verified(tmp_path: Path, tracker: TrackerInMemory) -> None:
    problem = Closed(tmp_path, tracker)
    problem.come(None)
    close(problem, tracker)
    problem.run(hours=72)

    assert not is_verified(tracker)


def test_a_made_up_release_verifies_nothing(closed: Closed, tracker: TrackerInMemory) -> None:
    closed.line.strange = {C}
    for hours in range(3):
        closed.come(f"booty@{C}", problem=f"1:{hours + 2}")
        assert never(closed, tracker)


def test_a_release_that_was_not_out_of_the_old_ones_line_verifies_nothing(
    closed: Closed, tracker: TrackerInMemory
) -> None:
    closed.line.out_of_line = {(A, B)}
    closed.run(hours=48)

    assert not is_verified(tracker)


@pytest.mark.parametrize(("holds", "times"), [(True, 1), (False, 0)])
def test_the_release_must_hold_the_commit_that_closed_the_issue(
    closed: Closed, tracker: TrackerInMemory, *, holds: bool, times: int
) -> None:
    tracker.closers = {1: Closer(commit=C)}
    closed.line.out_of_line = set() if holds else {(C, B)}
    closed.run(hours=48)

    assert len(comments(tracker)) == times


def test_an_alert_begins_the_quiet_anew(closed: Closed, tracker: TrackerInMemory) -> None:
    closed.run(hours=20)
    closed.come(OLD)
    closed.run(hours=20)
    assert not is_verified(tracker)

    closed.run(hours=6)
    assert is_verified(tracker)


def test_events_that_no_rule_passed_on_are_not_quiet_where_sentry_can_be_asked(
    closed: Closed, tracker: TrackerInMemory
) -> None:
    closed.run(hours=20)
    closed.line.last_event = closed.now
    closed.run(hours=20)
    assert not is_verified(tracker)

    closed.run(hours=8)
    assert is_verified(tracker)


def test_a_sentry_that_does_not_answer_is_asked_again_before_anything_is_said(
    closed: Closed, tracker: TrackerInMemory
) -> None:
    closed.line.trouble = SentryTrouble("Sentry answered 503", is_permanent=False)
    closed.run(hours=48)
    assert not is_verified(tracker)

    closed.line.trouble = None
    closed.run(hours=3)
    assert is_verified(tracker)


@pytest.mark.parametrize(
    "changes",
    [
        {"is_open": True, "is_completed": False, "closed_at": None},
        {"is_completed": False},
        {"labels": (MUTE,)},
        {"state_reason": "duplicate"},
    ],
    ids=["reopened", "not planned", "muted", "duplicate"],
)
def test_what_a_person_does_meanwhile_ends_it(
    closed: Closed, tracker: TrackerInMemory, changes: dict[str, object]
) -> None:
    closed.run(hours=20)
    closed.poll(**changes)
    closed.run(hours=48)

    assert not is_verified(tracker)


def test_what_a_person_did_a_moment_ago_is_seen_before_anything_is_written(
    closed: Closed, tracker: TrackerInMemory
) -> None:
    closed.run(hours=20)
    tracker.open(1)
    closed.run(hours=48)

    assert not is_verified(tracker)


def test_closed_again_it_begins_anew_and_is_verified_once_more(closed: Closed, tracker: TrackerInMemory) -> None:
    closed.run(hours=30)
    tracker.open(1)
    closed.poll()
    tracker.unlabel(1, VERIFIED)
    close(closed, tracker)
    closed.run(f"booty@{C}", hours=20)
    assert len(comments(tracker)) == 1

    closed.run(f"booty@{C}", hours=8)
    assert len(comments(tracker)) == 2


@pytest.mark.parametrize("jump", [-30 * DAY, 30 * DAY, 365 * DAY])
def test_a_clock_that_is_set_verifies_nothing_by_itself(closed: Closed, tracker: TrackerInMemory, jump: float) -> None:
    closed.run(hours=6)
    closed.now += jump
    closed.run(hours=12)

    assert not is_verified(tracker)


def test_a_time_in_which_the_service_was_away_does_not_count(closed: Closed, tracker: TrackerInMemory) -> None:
    closed.run(hours=6)
    closed.now += 3 * DAY
    closed.run(hours=14)
    assert not is_verified(tracker)

    closed.run(hours=6)
    assert is_verified(tracker)


@pytest.mark.parametrize("manner", ["lost", "dropped", "killed"])
@pytest.mark.parametrize("at", range(1, 8))
def test_there_is_one_comment_and_the_label_whichever_call_goes_wrong(tmp_path: Path, manner: str, at: int) -> None:
    tracker = TrackerInMemory(manner=manner)  # type: ignore[arg-type]  # one of its words
    closed = Closed(tmp_path, tracker)
    closed.come(OLD)
    close(closed, tracker)
    closed.run(hours=23)
    tracker.fails_at = len(tracker.calls) + at
    for _ in range(8):
        with suppress(Killed):
            closed.run(hours=1)
        with suppress(Killed):
            closed.run(hours=0.1, step=90.0)

    assert comments(tracker) == [SAID]
    assert tracker.issues[1].labels == (VERIFIED,)


@pytest.mark.parametrize("failure", [Refused("422"), Postponed("down"), Unknown("lost")])
def test_a_call_that_fails_is_made_again_later_and_logged(
    closed: Closed, tracker: TrackerInMemory, caplog: pytest.LogCaptureFixture, failure: Exception
) -> None:
    tracker.refusals = {"comment": [failure]}
    with caplog.at_level(logging.INFO):
        closed.run(hours=30)

    assert is_verified(tracker)
    said = [record.getMessage() for record in caplog.records]
    assert [said[0], said[-1]] == ["verification_postponed", "issue_verified"]


def test_an_issue_that_takes_no_comment_is_labelled_all_the_same(closed: Closed, tracker: TrackerInMemory) -> None:
    tracker.refusals = {"comment": [Locked("locked")]}
    closed.run(hours=30)

    assert (comments(tracker), tracker.issues[1].labels) == ([], (VERIFIED,))


def test_a_problem_whose_issue_was_open_for_long_is_remembered_until_it_is_verified(
    tmp_path: Path, tracker: TrackerInMemory
) -> None:
    problem = Closed(tmp_path, tracker)
    problem.come(OLD)
    problem.now += 29.5 * DAY
    close(problem, tracker)
    for _ in range(3):
        problem.run(hours=12)
        problem.ledger.queue.forget(now=problem.now)

    assert is_verified(tracker)


def test_two_workers_say_it_once(closed: Closed, tmp_path: Path, tracker: TrackerInMemory) -> None:
    other = Closed(tmp_path, tracker)
    for _ in range(30):
        closed.run(hours=1)
        other.now = closed.now
        other.verifier.cycle()

    assert comments(tracker) == [SAID]


def test_another_worker_has_it_in_the_middle(closed: Closed, tmp_path: Path, tracker: TrackerInMemory) -> None:
    other = Closed(tmp_path, tracker)

    def meanwhile(_: str) -> None:
        tracker.during = lambda _: None
        closed.now += 40
        other.now = closed.now
        other.verifier.cycle()

    closed.run(hours=24)
    tracker.during = lambda call: meanwhile(call) if call.startswith("comment") else None
    closed.run(hours=6)

    assert comments(tracker) == [SAID]


@pytest.mark.parametrize("inside", ["/verified/verifier", "/releases/verif", "/follow_up"])
def test_a_process_killed_at_any_line_leaves_one_comment(tmp_path: Path, inside: str) -> None:
    issues = PreviewIssues(tmp_path / "issues")
    first = Closed(tmp_path, issues)
    first.come(OLD)
    issues.edit(1, Edit(state="completed"))
    closed_at = first.issue().closed_at or 0.0
    first.now = closed_at + 1
    first.poll()
    first.run(hours=24)

    def live(number: int, _: Tell) -> None:
        Closed(tmp_path, issues, now=first.now + number * 61).run(hours=1, step=HOUR)

    last = max(number for number, _ in deaths(live, inside=inside))
    for number in range(1, 6):
        live(last + number, lambda _: None)

    assert (tmp_path / "issues" / "1.comments.md").read_text().count("**Verified fixed.**") == 1
    assert (tmp_path / "issues" / "1.md").read_text().count(VERIFIED) == 1
    assert first.issue().closed_at == closed_at
    assert closed_at + 10 * 365 * DAY > NOW
    assert NEW.endswith(B)
