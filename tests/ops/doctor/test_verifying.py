"""What the doctor says of the label for what is verified."""

from __future__ import annotations

from support.operator import run
from support.set_up import SetUp


def labels(up: SetUp, *options: str, **settings: str) -> str:
    """Return the doctor's line about the labels, without its padding."""
    shown = run(up.state, "doctor", *options, **up.environ, **settings).stdout.splitlines()
    return next(" ".join(each.split()) for each in shown if each.split()[1] == "labels")


def test_the_label_is_missed_where_closings_are_verified_and_a_fix_makes_it(up: SetUp) -> None:
    assert labels(up) == "ok labels all 8 are there"
    assert labels(up, OBSV_VERIFY_DAYS="7") == "FAIL labels missing: verified -> booty doctor --fix"
    assert labels(up, "--fix", OBSV_VERIFY_DAYS="7").startswith("ok labels made: verified")
    assert labels(up, OBSV_VERIFY_DAYS="7") == "ok labels all 9 are there"
