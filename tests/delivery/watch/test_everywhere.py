"""All repositories, asked as one."""

from __future__ import annotations

import pytest
from support.tracker_in_memory import TrackerInMemory

from booty.observability.delivery.watch.everywhere import Everywhere
from booty.observability.issues.outcomes import Postponed, Refused, Unknown


def tracker(failure: Exception | None = None) -> TrackerInMemory:
    one = TrackerInMemory()
    one.refusals = {"check": [failure]} if failure else {}
    return one


def test_all_that_take_issues_are_well() -> None:
    Everywhere([tracker(), tracker()]).check()


@pytest.mark.parametrize("other", [None, Postponed("down"), Unknown("lost")])
def test_a_refusal_of_any_is_raised_whatever_the_others_answer(other: Exception | None) -> None:
    for trackers in ([tracker(other), tracker(Refused("no"))], [tracker(Refused("no")), tracker(other)]):
        with pytest.raises(Refused):
            Everywhere(trackers).check()


def test_what_keeps_us_from_knowing_is_raised_where_none_refuses() -> None:
    with pytest.raises(Postponed):
        Everywhere([tracker(Postponed("down")), tracker()]).check()
