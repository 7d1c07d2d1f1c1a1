"""Numbers of persons are masked: of their telephones, cards, accounts."""

from __future__ import annotations

import pytest
from support.personal_texts import NOT_NUMBERS, NUMBERS

from booty.observability.text.personal_data import mask


@pytest.mark.parametrize(("text", "masked"), NUMBERS)
def test_masks_what_tells_who_somebody_is(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_keeps_ids_and_numbers_that_are_nobodys(text: str) -> None:
    assert mask(text) == text
