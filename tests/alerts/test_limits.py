"""What is read of a text, before it is redacted and cut."""

from __future__ import annotations

import pytest

from booty.observability.alerts.limits import MARGIN, MOST_OF_PATH, cut, cut_start


def test_reads_a_text_a_margin_further_than_it_is_kept() -> None:
    assert cut("one two three", 7) == "one two three"
    assert cut("x" * 9_000, 7) == "x" * (7 + MARGIN)


def test_reads_the_end_of_a_path() -> None:
    assert cut_start("/srv/app/shop/cart.py", 12) == "/srv/app/shop/cart.py"
    assert cut_start("x" * 9_000 + "/cart.py", 12) == "x" * (MOST_OF_PATH - 8) + "/cart.py"


@pytest.mark.parametrize("text", [None, "", " \n\t", "\x00\x01", "\x7f"], ids=ascii)
def test_finds_nothing_to_read_in_what_nobody_can_see(text: str | None) -> None:
    assert cut(text, 200) is None
    assert cut_start(text, 200) is None
