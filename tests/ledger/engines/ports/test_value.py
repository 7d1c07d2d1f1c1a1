"""How a stored value is read."""

from __future__ import annotations

from math import inf, isnan

import pytest

from booty.observability.ledger.engines.ports.value import read_value, value_of


def test_a_value_is_what_its_json_says() -> None:
    assert read_value(
        b' {"count": 3, "at": 1.5, "names": ["\\u00e4", null], "large": 123456789012345678901234567890} '
    ) == {
        "count": 3,
        "at": 1.5,
        "names": ["ä", None],
        "large": 123456789012345678901234567890,
    }


def test_what_an_older_release_could_write_is_read() -> None:
    nan, text, large = read_value(b'[NaN, "\\u00e4", 1e999]')

    assert isnan(nan)
    assert (text, large) == ("ä", inf)


DAMAGED = (b"\xff", b"{", b"1] x", b'"\\ud800"', b"[" * 100_000, b"9" * 100_000)
AFTER_WHAT_IS_ODD = [b"[NaN, %s]" % each for each in DAMAGED]
"""An older release wrote `NaN`, which the strict reader leaves to the other one."""


@pytest.mark.parametrize("stored", [b"", *DAMAGED, *AFTER_WHAT_IS_ODD], ids=lambda each: ascii(each)[:20])
def test_what_is_damaged_is_no_value(stored: bytes) -> None:
    assert value_of(stored) is None
    with pytest.raises(ValueError):  # noqa: PT011 - it promises no more
        read_value(stored)


def test_where_nothing_is_stored_there_is_no_value() -> None:
    assert value_of(None) is None
