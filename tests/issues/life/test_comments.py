"""The comments on an issue whose problem recurs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.problems import ALERT, DAY, DONE, NEW, NOW, OLD, OPEN, PROBLEM, RULES, issue, problem, recurring

from booty.observability.alerts.issue import Closer
from booty.observability.issues.life.recurrence import on_recurrence


def test_a_new_release_is_told_with_what_changed_since() -> None:
    comment = recurring(issue(OPEN), problem(count=6, old=NOW - DAY, new=NOW), NEW).comment

    assert comment == (
        f"Also seen in release `{NEW}` ([changes since](https://github.com/acme/shop/compare/{'a' * 40}...{'b' * 40}));"
        " seen 6 times so far."
    )


@pytest.mark.parametrize("trusted", [set(), {"a" * 40}, {"b" * 40}])
def test_no_comparison_is_linked_with_a_commit_that_is_not_trusted(trusted: set[str]) -> None:
    rules = replace(RULES, trusted=frozenset(trusted))
    known = problem(count=6, old=NOW - DAY, new=NOW)
    comments = [on_recurrence(ALERT, known, issue(one), rules, now=NOW).comment for one in (OPEN, DONE)]

    assert all(comment and f"in release `{NEW}`" in comment and "compare" not in comment for comment in comments)


def test_a_release_that_came_during_the_cooldown_is_told_by_the_next_alert_of_any_release() -> None:
    comment = recurring(issue(OPEN), problem(count=6, old=NOW - DAY, new=NOW - 60), OLD).comment

    assert comment is not None
    assert comment.startswith(f"Also seen in release `{NEW}` ([changes since](")


@pytest.mark.parametrize(("told", "count", "said"), [(1, 9, None), (1, 10, "10"), (8, 40, "40"), (99, 1_000, "1,000")])
def test_a_round_number_is_told_once(told: int, count: int, said: str | None) -> None:
    known = replace(PROBLEM, count=count, told_count=told)

    assert recurring(issue(OPEN), known).comment == (said and f"Seen {said} times so far.")


def test_a_regression_during_the_cooldown_is_told_by_the_next_alert_of_any_release() -> None:
    step = recurring(issue(DONE), problem(count=6, old=NOW - DAY, new=NOW - 60), OLD)

    assert step.edit.state == "open"
    assert step.comment is not None
    assert step.comment.startswith(f"**Regressed** in release `{NEW}` ([changes since](")


@pytest.mark.parametrize(
    ("closer", "named"),
    [
        (Closer(pull=12), "closed as completed by #12."),
        (Closer(commit="c" * 40), f"completed by [`cccccccccc`]({RULES.web.base}/commit/{'c' * 40})."),
        (Closer(), "closed as completed."),
    ],
)
def test_a_regression_names_what_closed_the_issue(closer: Closer, named: str) -> None:
    step = recurring(replace(issue(DONE), closer=closer), problem(new=NOW), NEW)

    assert step.names_closer
    assert named in (step.comment or "")
