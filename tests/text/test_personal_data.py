"""No text tells who somebody is once it was masked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.personal_texts import ADDRESSES, NOT_ADDRESSES, NOT_NUMBERS, NUMBERS

from booty.observability.text.personal_data import mask

MASKED = [text for text, _ in (*ADDRESSES, *NUMBERS)]
SCRAPS = st.sampled_from(
    [*MASKED, *NOT_ADDRESSES, *NOT_NUMBERS, "@", "%40", "+", ".", ":", "-", " ", "1", "4111", "[email]", "[ip]", "DE89"]
)


@given(st.lists(SCRAPS | st.text(max_size=4), max_size=8).map("".join))
def test_masking_any_mixture_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)

    assert mask(once) == once
