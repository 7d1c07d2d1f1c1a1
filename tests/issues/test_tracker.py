"""What every tracker promises, of GitHub's, the preview's and the one in memory alike."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support import alerts
from support.github_stand_in import REPOSITORY, TOKEN, GitHubStandIn
from support.tracker_in_memory import TrackerInMemory

from booty.observability.alerts.issue import Issue, IssueRef
from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Edit
from booty.observability.issues.page.body import render
from booty.observability.issues.tracker import Tracker

HOUR = 3600.0
MARKER = "<!-- booty:event=a -->"


@pytest.fixture(params=["github", "preview", "memory"])
def tracker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tracker]:
    if request.param == "github":
        with GitHubStandIn() as github:
            api = GitHub(api_url=github.api_url, token=TOKEN, version="2022-11-28")
            yield GitHubIssues(api, repository=REPOSITORY, pause=lambda _: None)
    elif request.param == "preview":
        yield PreviewIssues(tmp_path / "issues")
    else:
        yield TrackerInMemory(now=time.time())


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
    assert (found.is_open, found.is_completed, found.closed_at, found.is_locked) == (True, False, None, False)


def test_an_issue_is_found_by_its_marker_alone(tracker: Tracker) -> None:
    numbers = [tracker.create(draft(event)).number for event in ("a", "b")]

    found = tracker.find(draft("b"), since=hour_ago())

    assert found is not None
    assert found.number == numbers[1]
    assert tracker.find(draft("c"), since=hour_ago()) is None


def test_a_closed_issue_is_found_as_well(tracker: Tracker) -> None:
    reference = tracker.create(draft())
    tracker.edit(reference.number, Edit(state="completed"))

    found = tracker.find(draft(), since=hour_ago())

    assert found is not None
    assert found.number == reference.number


def test_the_newest_issue_of_a_rule_is_found_whatever_firing_made_it(tracker: Tracker) -> None:
    old, new = (tracker.create(draft(event, fingerprint=of)) for event, of in (("a", "metric:7"), ("b", "metric:7:1")))

    found = tracker.find_rule(draft("c"), "metric:7", since=hour_ago())

    assert found is not None
    assert (old.number, found.number) == (1, new.number)
    assert tracker.find_rule(draft("c"), "metric:8", since=hour_ago()) is None
    assert tracker.find_rule(draft("c"), "metric", since=hour_ago()) is not None


def test_an_issue_that_was_never_there_is_absent(tracker: Tracker) -> None:
    tracker.create(draft())

    assert tracker.read(7) in {"deleted", "missing"}


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

    tracker.unlabel(reference.number, "agent:builder")
    tracker.unlabel(reference.number, "absent")
    tracker.label(reference.number, ("regression", "severity:error"))

    assert issue(tracker, reference).labels == ("severity:error", "regression")


def test_a_comment_is_found_by_the_marker_on_its_last_line(tracker: Tracker) -> None:
    number, other = (tracker.create(draft(event)).number for event in ("a", "b"))

    tracker.comment(number, f"Seen again.\n\n{MARKER}")

    assert tracker.has_comment(number, MARKER, since=hour_ago())
    assert not tracker.has_comment(number, "<!-- booty:event=b -->", since=hour_ago())
    assert not tracker.has_comment(other, MARKER, since=hour_ago())


def test_changed_issues_are_listed_as_they_stand_from_a_moment_on(tracker: Tracker) -> None:
    reference = tracker.create(draft())
    tracker.edit(reference.number, Edit(state="completed"))

    page = tracker.changed(since=at(hour_ago()), etag=None)

    assert page is not None
    assert [(each.number, each.is_completed) for each in page.issues] == [(reference.number, True)]
    assert datetime.fromisoformat(page.changed_until).timestamp() >= hour_ago()
    later = tracker.changed(since=at(time.time() + HOUR), etag=None)
    assert later is None or later.issues == ()


def test_what_closed_an_issue_may_be_unknown(tracker: Tracker) -> None:
    assert tracker.closer(tracker.create(draft()).number) is None


def test_a_tracker_that_takes_issues_says_so_by_saying_nothing(tracker: Tracker) -> None:
    tracker.check()
    tracker.rest()
