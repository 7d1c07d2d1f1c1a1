"""What every tracker promises, of GitHub's, the preview's and the one in memory alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support import alerts
from support.trackers import STAGES, TROUBLES, Outcome, Stage

from booty.observability.alerts.issue import ChangedIssues, Issue, IssueRef
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Absent, LabelRefused, Locked, Refused, Unknown
from booty.observability.issues.page.body import render
from booty.observability.issues.tracker import Tracker

HOUR = 3600.0
MARKER = "<!-- booty:event=a -->"


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with STAGES[request.param](tmp_path) as stage:
        yield stage


@pytest.fixture
def tracker(stage: Stage) -> Tracker:
    return stage.tracker


def draft(event: str = "a" * 32, **changes: object) -> Draft:
    return render(alerts.alert(event=event, **changes), trigger_label="agent:builder")


def issue(tracker: Tracker, reference: IssueRef) -> Issue:
    """Return the issue as the tracker shows it."""
    found = tracker.read(reference.number)
    assert isinstance(found, Issue)
    return found


def hour_ago() -> float:
    return time.time() - HOUR


def at(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_a_created_issue_is_read_as_it_was_drafted(tracker: Tracker) -> None:
    one = draft()

    found = issue(tracker, tracker.create(one))

    assert (found.title, found.body, found.labels) == (one.title, one.body, one.labels)
    assert (found.is_open, found.is_completed, found.closed_at) == (True, False, None)


def test_an_issue_is_found_by_its_marker_alone(tracker: Tracker) -> None:
    numbers = [tracker.create(draft(event)).number for event in ("a", "b")]

    found = tracker.find(draft("b"), since=hour_ago())

    assert found is not None
    assert found.number == numbers[1]
    assert tracker.find(draft("c"), since=hour_ago()) is None


def test_an_empty_tracker_has_no_issue(tracker: Tracker) -> None:
    assert tracker.find(draft(), since=hour_ago()) is None
    assert tracker.find_rule(draft(), "metric:7", since=hour_ago()) is None


def test_a_closed_issue_is_found_as_well(tracker: Tracker) -> None:
    reference = tracker.create(draft())
    tracker.edit(reference.number, Edit(state="completed"))

    found = tracker.find(draft(), since=hour_ago())

    assert found is not None
    assert found.number == reference.number


def test_the_newest_issue_of_a_rule_is_found_whatever_firing_made_it(tracker: Tracker) -> None:
    old, new = (tracker.create(draft(event, fingerprint=of)) for event, of in (("a", "metric:7"), ("b", "metric:7:1")))
    tracker.create(draft("d", fingerprint="metric:70"))

    found = tracker.find_rule(draft("c"), "metric:7", since=hour_ago())

    assert found is not None
    assert (old.number, found.number) == (1, new.number)
    assert tracker.find_rule(draft("c"), "metric:8", since=hour_ago()) is None
    assert tracker.find_rule(draft("c"), "metric", since=hour_ago()) is not None


def test_what_was_created_is_found_also_when_the_answer_was_lost(stage: Stage) -> None:
    stage.tracker.create(draft("b"))
    began_at = time.time()
    stage.lose_answer()

    with suppress(Unknown):
        stage.tracker.create(draft("a"))

    found = stage.tracker.find(draft("a"), since=began_at)
    assert found is not None
    assert found.number == 2


def test_an_issue_from_before_the_moment_given_is_found_or_not_but_never_another(tracker: Tracker) -> None:
    number = tracker.create(draft("a", fingerprint="metric:7")).number
    later = time.time() + HOUR

    found = [tracker.find(draft("a"), since=later), tracker.find_rule(draft("c"), "metric:7", since=later)]

    assert {each.number for each in found if each is not None} <= {number}
    assert tracker.find(draft("b"), since=later) is None
    assert tracker.find_rule(draft("c"), "metric:8", since=later) is None


def test_an_issue_from_the_very_moment_given_is_found(tracker: Tracker) -> None:
    began_at = time.time()
    reference = tracker.create(draft("a", fingerprint="metric:7"))

    found = [tracker.find(draft("a", fingerprint="metric:7"), since=began_at)]
    found += [tracker.find_rule(draft("c"), "metric:7", since=began_at)]

    assert [each and each.number for each in found] == [reference.number] * 2


def test_an_issue_that_was_never_there_is_absent(tracker: Tracker) -> None:
    tracker.create(draft())

    assert tracker.read(7) in {"deleted", "missing"}


def test_a_deleted_issue_is_told_from_one_that_cannot_be_seen(stage: Stage) -> None:
    deleted, hidden = (stage.tracker.create(draft(event)).number for event in ("a", "b"))

    stage.delete(deleted)
    stage.hide(hidden)

    assert (stage.tracker.read(deleted), stage.tracker.read(hidden)) == ("deleted", "missing")


WRITES: dict[str, Callable[[Tracker], object]] = {
    "edit": lambda tracker: tracker.edit(1, Edit(title="New title", body="New body", state="completed")),
    "unlabel": lambda tracker: tracker.unlabel(1, "agent:builder"),
    "label": lambda tracker: tracker.label(1, ("regression",)),
    "comment": lambda tracker: tracker.comment(1, f"Seen again.\n\n{MARKER}"),
}


@pytest.mark.parametrize("make_absent", [lambda stage: stage.delete(1), lambda stage: stage.hide(1)])
def test_an_absent_issue_takes_no_write_and_has_neither_comments_nor_a_closer(
    stage: Stage, make_absent: Callable[[Stage], None]
) -> None:
    stage.tracker.create(draft())
    make_absent(stage)

    for write in WRITES.values():
        with pytest.raises(Absent):
            write(stage.tracker)
    with pytest.raises(Absent):
        stage.tracker.has_comment(1, MARKER, since=hour_ago())
    with pytest.raises(Refused):
        stage.tracker.closer(1)
    assert stage.tracker.read(1) in {"deleted", "missing"}


@pytest.mark.parametrize(
    "edit", [Edit(title="New title"), Edit(body="New body"), Edit(state="completed"), Edit(title="T", body="B")]
)
def test_an_edit_changes_what_it_names_and_nothing_else(tracker: Tracker, edit: Edit) -> None:
    one = draft()
    reference = tracker.create(one)

    tracker.edit(reference.number, edit)

    found = issue(tracker, reference)
    assert (found.title, found.body) == (edit.title or one.title, edit.body or one.body)
    assert found.labels == one.labels
    assert (found.is_open, found.is_completed) == (edit.state is None, edit.state == "completed")
    assert (found.closed_at is None) is found.is_open


def test_a_closed_issue_opens_again(tracker: Tracker) -> None:
    reference = tracker.create(draft())

    tracker.edit(reference.number, Edit(state="completed"))
    tracker.edit(reference.number, Edit(state="open"))

    found = issue(tracker, reference)
    assert (found.is_open, found.is_completed, found.closed_at) == (True, False, None)


def test_labels_are_put_on_and_taken_off_one_by_one(tracker: Tracker) -> None:
    reference = tracker.create(draft())

    tracker.unlabel(reference.number, "Agent:Builder")
    tracker.unlabel(reference.number, "absent")
    tracker.label(reference.number, ("regression", "severity:error"))

    assert issue(tracker, reference).labels == ("severity:error", "regression")


def test_a_comment_is_found_by_the_marker_on_its_last_line(tracker: Tracker) -> None:
    number, other = (tracker.create(draft(event)).number for event in ("a", "b"))

    tracker.comment(number, f"Seen again.\n\n{MARKER}")

    assert tracker.has_comment(number, MARKER, since=hour_ago())
    assert not tracker.has_comment(number, "<!-- booty:event=b -->", since=hour_ago())
    assert not tracker.has_comment(other, MARKER, since=hour_ago())


def test_a_comment_is_found_also_when_the_answer_was_lost(stage: Stage) -> None:
    number = stage.tracker.create(draft()).number
    began_at = time.time()
    stage.lose_answer()

    with suppress(Unknown):
        stage.tracker.comment(number, f"Seen again.\n\n{MARKER}")

    assert stage.tracker.has_comment(number, MARKER, since=began_at)


def test_no_moment_makes_a_comment_of_another_count(tracker: Tracker) -> None:
    number = tracker.create(draft()).number
    tracker.comment(number, f"{MARKER}\n\nSomebody's words.")
    tracker.comment(number, "Seen again.\n\n<!-- booty:event=b -->")

    assert not tracker.has_comment(number, MARKER, since=hour_ago())
    assert not tracker.has_comment(number, MARKER, since=time.time() + HOUR)


def takes_comment(tracker: Tracker, number: int) -> bool:
    try:
        tracker.comment(number, f"Seen again.\n\n{MARKER}")
    except Locked:
        return False
    return True


def test_an_issue_takes_comments_exactly_while_it_is_not_locked(stage: Stage) -> None:
    reference = stage.tracker.create(draft())

    is_locked = stage.lock(reference.number)

    assert takes_comment(stage.tracker, reference.number) is not is_locked
    assert stage.tracker.has_comment(reference.number, MARKER, since=hour_ago()) is not is_locked


def test_a_locked_issue_can_still_be_changed(stage: Stage) -> None:
    reference = stage.tracker.create(draft())
    stage.lock(reference.number)

    stage.tracker.edit(reference.number, Edit(title="New title", state="completed"))
    stage.tracker.label(reference.number, ("regression",))

    found = issue(stage.tracker, reference)
    assert (found.title, found.is_completed, found.has("regression")) == ("New title", True, True)


def test_changed_issues_are_listed_as_they_stand_from_a_moment_on(tracker: Tracker) -> None:
    reference = tracker.create(draft())
    tracker.edit(reference.number, Edit(state="completed"))

    page = tracker.changed(since=at(hour_ago()), etag=None)

    assert page is not None
    assert [(each.number, each.is_completed) for each in page.issues] == [(reference.number, True)]
    assert datetime.fromisoformat(page.changed_until).timestamp() >= hour_ago()
    later = tracker.changed(since=at(time.time() + HOUR), etag=None)
    assert later is None or later.issues == ()


def settled(tracker: Tracker) -> ChangedIssues:
    """Return the last page of what changed, from which on nothing else has."""
    since = at(hour_ago())
    while True:
        page = tracker.changed(since=since, etag=None)
        assert page is not None
        if page.changed_until == since:
            return page
        since = page.changed_until


def test_what_did_not_change_since_an_answer_is_not_told_or_told_alike(tracker: Tracker) -> None:
    tracker.create(draft())
    page = settled(tracker)

    assert tracker.changed(since=page.changed_until, etag=page.etag) in (None, page)


def test_what_changed_since_an_answer_is_told(tracker: Tracker) -> None:
    reference = tracker.create(draft())
    page = settled(tracker)

    tracker.edit(reference.number, Edit(state="completed"))

    changed = tracker.changed(since=page.changed_until, etag=page.etag)
    assert changed is not None
    assert [each.is_completed for each in changed.issues] == [True]


def test_changes_are_read_page_by_page_the_oldest_first(stage: Stage) -> None:
    began_at = time.time() - HOUR
    numbers = [stage.tracker.create(draft(f"{event:032}")).number for event in range(70)]
    for number in numbers:
        stage.touch(number, at=began_at + 100 - number)

    since, seen, is_more = at(began_at), dict[int, None](), True
    while is_more:
        page = stage.tracker.changed(since=since, etag=None)
        assert page is not None
        seen |= dict.fromkeys(each.number for each in page.issues)
        is_more, since = page.changed_until > since, page.changed_until

    assert list(seen) == numbers[::-1]


READS: dict[str, Callable[[Tracker], object]] = {
    "find": lambda tracker: tracker.find(draft("b"), since=hour_ago()),
    "find_rule": lambda tracker: tracker.find_rule(draft("b"), "metric:7", since=hour_ago()),
    "read": lambda tracker: tracker.read(1),
    "closer": lambda tracker: tracker.closer(1),
    "changed": lambda tracker: tracker.changed(since=at(hour_ago()), etag=None),
    "has_comment": lambda tracker: tracker.has_comment(1, MARKER, since=hour_ago()),
}
CREATE: dict[str, Callable[[Tracker], object]] = {"create": lambda tracker: tracker.create(draft("b"))}
CALLS = CREATE | READS | WRITES


@pytest.mark.parametrize(("kind", "outcome"), TROUBLES)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_call_that_fails_raises_its_outcome_and_never_says_that_there_is_nothing(
    tmp_path: Path, kind: str, outcome: Outcome, call: Callable[[Tracker], object]
) -> None:
    with STAGES[kind](tmp_path) as stage:
        stage.tracker.create(draft())
        stage.trouble(outcome)

        with pytest.raises(outcome):
            call(stage.tracker)


@pytest.mark.parametrize("kind", ["github", "memory"])
@pytest.mark.parametrize("call", [CREATE["create"], WRITES["label"]], ids=["create", "label"])
def test_a_label_that_is_refused_is_told_from_all_else(
    tmp_path: Path, kind: str, call: Callable[[Tracker], object]
) -> None:
    with STAGES[kind](tmp_path) as stage:
        stage.tracker.create(draft())
        stage.trouble(LabelRefused)

        with pytest.raises(LabelRefused):
            call(stage.tracker)


def test_what_closed_an_issue_may_be_unknown(tracker: Tracker) -> None:
    assert tracker.closer(tracker.create(draft()).number) is None


def test_a_tracker_that_takes_issues_says_so_by_saying_nothing(tracker: Tracker) -> None:
    tracker.check()
    tracker.rest()
