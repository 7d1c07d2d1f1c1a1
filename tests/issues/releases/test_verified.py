"""A fix that holds is said in one sentence, of an issue that is closed as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.problems import DONE, NOW

from booty.observability.alerts.issue import MUTE, VERIFIED, Issue
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.life.step import SILENT, Step
from booty.observability.issues.page.notice import noticed
from booty.observability.issues.releases.verified import on_quiet

WEB = WebLinks("https://github.com/acme/shop")
CLOSED_AT = NOW - 3600
PAGE = "https://github.com/acme/shop/commit"


def step(issue: Issue, *, days: float = 7, commits: tuple[str, ...] = ("b" * 40,)) -> Step:
    return on_quiet(issue, closed_at=CLOSED_AT, days=days, commits=commits, web=WEB)


def test_says_for_how_long_it_was_quiet_in_which_release_and_labels_it() -> None:
    said = step(DONE)

    assert said.comment == (
        "**Verified fixed.** No alert about this problem has arrived for 7 days, while"
        f" [bbbbbbb]({PAGE}/{'b' * 40}), released after this issue was closed, was live."
    )
    assert said.edit.add_labels == (VERIFIED,)
    assert noticed(said.comment) == said.comment


@pytest.mark.parametrize(("days", "words"), [(1.0, "1 day,"), (0.5, "0.5 days,"), (30.0, "30 days,")])
def test_counts_the_days(days: float, words: str) -> None:
    assert f"has arrived for {words}" in (step(DONE, days=days).comment or "")


def test_names_each_release_once() -> None:
    said = step(DONE, commits=("b" * 40, "c" * 40, "b" * 40)).comment or ""

    assert f"while [bbbbbbb]({PAGE}/{'b' * 40}) and [ccccccc]({PAGE}/{'c' * 40}), released" in said


@pytest.mark.parametrize(
    "changes",
    [
        {"is_open": True, "is_completed": False, "closed_at": None},
        {"is_completed": False},
        {"closed_at": CLOSED_AT + 1},
        {"labels": (MUTE,)},
        {"state_reason": "duplicate"},
    ],
)
def test_says_nothing_of_an_issue_that_is_not_closed_as_it_was(changes: dict[str, object]) -> None:
    assert step(replace(DONE, **changes)) == SILENT  # type: ignore[arg-type]  # fields by name, as the tests spell them


def test_a_label_that_is_there_is_not_put_on_again() -> None:
    assert step(replace(DONE, labels=(VERIFIED,))).edit.add_labels == ()
