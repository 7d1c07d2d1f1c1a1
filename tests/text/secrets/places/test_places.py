"""No hint of a place is passed over."""

from __future__ import annotations

import pytest

from booty.observability.text.secrets.places import PLACES, places_in

HINTS = [(place, hint) for place in PLACES for hint in place.hints]


@pytest.mark.parametrize(("place", "hint"), HINTS, ids=[hint for _, hint in HINTS])
def test_a_text_with_a_hint_may_have_its_place(place: object, hint: str) -> None:
    text = f"see \\ {hint} there"

    assert place in places_in(text, text.lower())


def test_places_are_looked_at_in_their_order() -> None:
    text = " ".join(hint for _, hint in reversed(HINTS)) + "\\"

    assert places_in(text, text.lower()) == list(PLACES)
