"""What was made before is remembered, within its room."""

from __future__ import annotations

from booty.observability.alerts.keeping.remembered import Remembered


def test_returns_what_was_made_and_finds_it_again() -> None:
    known = Remembered[str, int](room=100)

    assert known.keep("seven", 7, 60) == 7
    assert known.get("seven") == 7
    assert known.get("eight") is None


def test_holds_no_more_than_it_has_room_for_however_much_is_made() -> None:
    known = Remembered[int, int](room=100)
    held = []
    for number in range(1000):
        known.keep(number, number, 30)
        held.append(len(known))

    assert max(held) == 3
    assert known.get(999) == 999
