"""How an issue stands, as its labels and its closing say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booty.observability.alerts.issue import MUTE, Issue

OPEN = Issue(number=7, is_open=True, is_completed=False, closed_at=None, labels=("Regression",), body="")
CLOSED = replace(OPEN, is_open=False, closed_at=1_800_000_000.0)


def test_an_open_issue_wants_to_hear_of_its_problem() -> None:
    assert not OPEN.is_muted
    assert not OPEN.is_unwanted


def test_labels_are_the_same_in_any_case() -> None:
    assert OPEN.has("regression")
    assert not OPEN.has("regress")


@pytest.mark.parametrize(
    ("issue", "is_muted", "is_unwanted"),
    [
        (replace(OPEN, labels=(MUTE.upper(),)), True, False),
        (replace(CLOSED, is_completed=True), False, False),
        (replace(CLOSED, state_reason="not_planned"), True, True),
        (replace(CLOSED, state_reason="not_planned", is_closed_by_bot=True), False, False),
        (replace(CLOSED, state_reason="duplicate", is_completed=True), True, True),
        (replace(CLOSED, state_reason="duplicate", is_closed_by_bot=True), True, True),
        (replace(OPEN, state_reason="duplicate"), False, False),
    ],
    ids=["muted", "done", "not planned", "tidied up by a bot", "duplicate", "duplicate by a bot", "reopened"],
)
def test_is_quiet_when_a_person_does_not_want_it(issue: Issue, *, is_muted: bool, is_unwanted: bool) -> None:
    assert (issue.is_muted, issue.is_unwanted) == (is_muted, is_unwanted)
