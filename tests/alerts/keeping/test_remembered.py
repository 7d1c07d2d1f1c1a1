"""What was made before is remembered, within its room."""

from __future__ import annotations

from booty.observability.alerts.keeping.remembered import Remembered


def test_returns_what_was_made_and_finds_it_again() -> None:
    known = Remembered[str, int](room=2000)

    assert known.keep("seven", 7, 60) == 7
    assert known.get("seven") == 7
    assert known.get("eight") is None


def test_holds_no_more_than_it_has_room_for_however_much_is_made() -> None:
    known = Remembered[int, int](room=1000)
    held = []
    for number in range(1000):
        known.keep(number, number, 40)
        held.append(len(known))

    assert max(held) == 25
    assert known.get(999) == 999


def test_one_that_is_large_drives_out_no_other() -> None:
    known = Remembered[str, int](room=1000)
    known.keep("small", 1, 40)

    assert known.keep("large", 2, 60) == 2
    assert dict(known) == {"small": 1}
