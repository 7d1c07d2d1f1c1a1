"""What is wrong is named by exactly one FAIL, and goes when its words are followed."""

from __future__ import annotations

import pytest
from support.broken_set_ups import BROKEN, Broken
from support.set_up import SetUp


def test_nothing_is_wrong_with_a_set_up_in_which_all_is_well(up: SetUp) -> None:
    assert {check.level for check in up.examine()} == {"ok"}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_what_is_wrong_is_named_once_and_heals_by_what_the_words_say(up: SetUp, broken: Broken) -> None:
    broken.breaks(up)

    (failure,) = up.failures()
    assert failure.name == broken.check
    assert broken.words in failure.then

    broken.heal(up)

    assert up.failures() == []


def test_a_stop_is_not_named_beside_what_caused_it(up: SetUp) -> None:
    dead, stopped = (
        next(each for each in BROKEN if each.name == name) for name in ("a dead token", "all deliveries stopped")
    )
    dead.breaks(up)
    stopped.breaks(up)

    assert [failure.name for failure in up.failures()] == ["token"]
    assert ("deliveries", "warn") in {(check.name, check.level) for check in up.examine()}
