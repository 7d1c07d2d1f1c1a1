"""Which events were counted: a thousand of a problem."""

from __future__ import annotations

from pathlib import Path

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.event_ids import (
    ID,
    MOST,
    MOST_OF_A_DIGIT,
    CountedEvents,
    put,
)

NOW = 1_800_000_000.0
HOUR = 3600.0


def names(number: int) -> str:
    return f",{number:0{ID - 1}d}"


def with_event(book: dict[str, str], name: str, *, happened_at: float, room: int) -> dict[str, str]:
    after = dict(book)
    put(after, name, len("".join(book.values())) // ID, happened_at=happened_at, room=room)
    return after


def test_an_event_is_known_once_it_was_counted_and_by_no_other_problem(tmp_path: Path) -> None:
    def work(shelf: Shelf) -> list[bool]:
        before = CountedEvents(shelf, "1:1", "e1")
        before.add(happened_at=NOW, known=0)
        return [
            before.is_known,
            *(CountedEvents(shelf, *of).is_known for of in (("1:1", "e1"), ("1:1", "e2"), ("1:2", "e1"))),
        ]

    assert SqliteEngine(tmp_path).transact(work) == [False, True, False, False]


def test_the_last_thousand_events_of_a_problem_are_known_however_fast_they_come(tmp_path: Path) -> None:
    def work(shelf: Shelf) -> tuple[int, int, int]:
        known, numbers = 0, range(MOST + 500)
        for number in numbers[:MOST]:
            known = CountedEvents(shelf, "1:1", f"e{number}").add(happened_at=NOW, known=known)
        first = sum(CountedEvents(shelf, "1:1", f"e{number}").is_known for number in numbers)
        for number in numbers[MOST:]:
            known = CountedEvents(shelf, "1:1", f"e{number}").add(happened_at=NOW, known=known)
        return first, known, sum(CountedEvents(shelf, "1:1", f"e{number}").is_known for number in numbers)

    assert SqliteEngine(tmp_path).transact(work) == (MOST, MOST, MOST)


def test_the_oldest_of_too_many_goes_first() -> None:
    book: dict[str, str] = {}
    for number in range(MOST_OF_A_DIGIT + 5):
        book = with_event(book, names(number), happened_at=NOW + number * 60, room=MOST_OF_A_DIGIT)

    kept = "".join(book[hour] for hour in sorted(book))
    assert kept == "".join(names(number) for number in range(5, MOST_OF_A_DIGIT + 5))


def test_an_event_is_known_however_long_ago_it_was_as_long_as_there_is_room() -> None:
    book = with_event({}, names(1), happened_at=NOW, room=MOST)

    after = with_event(book, names(2), happened_at=NOW + 700 * HOUR, room=MOST)

    assert "".join(after.values()) == names(1) + names(2)


def test_a_late_event_is_kept_beside_newer_ones() -> None:
    book = with_event(
        with_event({}, names(1), happened_at=NOW, room=MOST), names(2), happened_at=NOW - 5 * HOUR, room=MOST
    )

    assert "".join(book.values()) == names(1) + names(2)


def test_a_damaged_book_counts_as_empty(tmp_path: Path) -> None:
    def work(shelf: Shelf) -> bool:
        for digit in "0123456789abcdef":
            shelf[f"events/1:1/{digit}"] = {"0500000": 7, "x": ",nonsense"}
        CountedEvents(shelf, "1:1", "e1").add(happened_at=NOW, known=0)
        return CountedEvents(shelf, "1:1", "e1").is_known and not CountedEvents(shelf, "1:1", "e2").is_known

    assert SqliteEngine(tmp_path).transact(work)
