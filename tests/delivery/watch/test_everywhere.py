"""All repositories, asked as one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.tracker_in_memory import TrackerInMemory

from booty.observability.delivery.watch.everywhere import Everywhere
from booty.observability.issues.outcomes import Postponed, Refused, Unknown

Asked = tuple[TrackerInMemory, Callable[[], bool]]


def tracker(failure: Exception | None = None, *, is_paused: bool = False) -> Asked:
    one = TrackerInMemory()
    one.refusals = {"check": [failure]} if failure else {}
    return one, lambda: is_paused


def test_all_that_take_issues_are_well() -> None:
    Everywhere([tracker(), tracker()]).check()


@pytest.mark.parametrize("other", [None, Postponed("down"), Unknown("lost")])
def test_a_refusal_of_any_is_raised_whatever_the_others_answer(other: Exception | None) -> None:
    for trackers in ([tracker(other), tracker(Refused("no"))], [tracker(Refused("no")), tracker(other)]):
        with pytest.raises(Refused):
            Everywhere(trackers).check()


@pytest.mark.parametrize("is_paused_first", [True, False])
def test_a_token_that_is_paused_keeps_nobody_from_learning_that_another_is_refused(is_paused_first: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    paused, dead = tracker(Refused("not asked"), is_paused=True), tracker(Refused("dead"))

    with pytest.raises(Refused, match="dead"):
        Everywhere([paused, dead] if is_paused_first else [dead, paused]).check()
    with pytest.raises(Postponed):
        Everywhere([paused, tracker()]).check()


def test_what_keeps_us_from_knowing_is_raised_where_none_refuses() -> None:
    with pytest.raises(Postponed):
        Everywhere([tracker(Postponed("down")), tracker()]).check()


def test_a_slow_github_is_not_asked_about_all_of_them() -> None:
    times = iter((0.0, 1.0, 41.0))
    with pytest.raises(Postponed):
        Everywhere([tracker(), tracker(Refused("never asked"))], clock=lambda: next(times)).check()
