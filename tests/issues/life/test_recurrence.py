"""What an alert does to the issue that its problem has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.problems import ALERT, DAY, DONE, NEW, NOW, OPEN, PROBLEM, TRIGGER, issue, problem, recurring

from booty.observability.alerts.issue import MUTE, Issue
from booty.observability.issues.draft import marker_of
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.birth import begin
from booty.observability.issues.life.counter import counter_of
from booty.observability.issues.life.edits import REGRESSION
from booty.observability.issues.life.recurrence import compared
from booty.observability.issues.life.step import SILENT, Step
from booty.observability.issues.page.body import render


def test_an_open_issue_gets_its_counter_edited_and_no_comment() -> None:
    known = problem(count=6)

    assert recurring(issue(OPEN), known) == Step(Edit(body=f"{counter_of(known)}\n\nthe rest"))


def test_nothing_is_edited_where_people_removed_the_counter() -> None:
    assert recurring(issue(OPEN, "theirs alone"), problem(count=6)) == Step()


def test_what_may_be_compared_are_the_commits_of_the_release_told_last_and_the_newest() -> None:
    known = problem(old=NOW - DAY, new=NOW)

    assert compared(ALERT, known) == {"a" * 40, "b" * 40}
    assert compared(ALERT, PROBLEM) == set()
    assert compared(ALERT.but(release="shop@1.2"), PROBLEM) == set()


def test_a_regression_reopens_the_issue_with_a_label_and_a_comment() -> None:
    step = recurring(issue(DONE), problem(count=6, old=NOW - DAY, new=NOW), NEW)

    assert (step.edit.state, step.edit.add_labels) == ("open", (REGRESSION, TRIGGER))
    assert step.comment is not None
    assert step.comment.startswith(f"**Regressed** in release `{NEW}` ([changes since](")
    assert step.comment.endswith("It was last seen on 2027-01-15 07:00 UTC; seen 6 times so far.")


def test_an_event_without_a_release_reopens_for_it_may_hold_the_fix() -> None:
    assert recurring(issue(DONE), PROBLEM, None).edit.state == "open"


def test_an_event_of_a_release_that_was_out_before_the_closing_never_reopens() -> None:
    assert recurring(issue(DONE), problem(old=NOW - DAY)) == SILENT
    assert recurring(replace(issue(DONE), closed_at=NOW - 300 * DAY), problem(old=NOW - 301 * DAY)) == SILENT


def test_a_release_that_another_problem_was_seen_in_before_the_closing_never_reopens() -> None:
    known = replace(problem(old=NOW - DAY), release_seen_at=NOW - 2 * 3600)

    assert recurring(issue(DONE), known, NEW) == SILENT
    assert recurring(issue(DONE), replace(known, release_seen_at=NOW - 60), NEW).edit.state == "open"


def test_an_event_from_before_the_closing_never_reopens() -> None:
    known = replace(PROBLEM, happened_at=NOW - 3601)

    assert recurring(issue(DONE), known, None) == SILENT
    assert recurring(issue(DONE), replace(known, happened_at=NOW - 3600), None).edit.state == "open"


def test_what_came_after_it_was_resolved_in_sentry_reopens_though_github_closed_it_later() -> None:
    known = replace(PROBLEM, happened_at=NOW - 3601, is_back=True)

    assert recurring(issue(DONE), known, None).edit.state == "open"


def test_the_alert_that_was_waited_for_makes_a_new_issue_in_whatever_release() -> None:
    closed = replace(issue(DONE), closed_at=NOW - 31 * DAY)

    assert recurring(closed, replace(PROBLEM, is_awaited=True, happened_at=NOW)) == Step(is_replaced=True)


def test_an_issue_closed_long_ago_is_replaced_by_one_that_links_it() -> None:
    step = recurring(replace(issue(DONE), closed_at=NOW - 31 * DAY), problem(new=NOW), NEW)

    assert step == Step(is_replaced=True)
    draft = begin(render(ALERT, trigger_label="agent:builder"), PROBLEM, "closed")
    assert "This was #7 before, which was closed long ago." in draft.body
    assert marker_of(draft.body) == marker_of(draft.marker)


@pytest.mark.parametrize(
    "muted",
    [
        replace(OPEN, labels=(MUTE,)),
        replace(OPEN, labels=(MUTE.upper(),)),
        replace(OPEN, is_open=False, closed_at=NOW - 60),
        replace(DONE, labels=(MUTE,)),
        replace(OPEN, is_open=False, closed_at=NOW - 60, state_reason="duplicate", is_closed_by_bot=True),
    ],
)
def test_a_muted_issue_stays_silent(muted: Issue) -> None:
    assert recurring(issue(muted), problem(count=100, new=NOW), NEW) == SILENT


def test_a_bot_that_tidies_up_mutes_nothing() -> None:
    stale = replace(OPEN, is_open=False, closed_at=NOW - 60, state_reason="not_planned", is_closed_by_bot=True)

    step = recurring(issue(stale), problem(new=NOW), NEW)

    assert step.edit.state == "open"
    assert "after this issue was closed as not planned by a bot. " in (step.comment or "")
