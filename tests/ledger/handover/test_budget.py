"""How many issues are handed over on a day, and that nobody is counted twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.handover.budget import forget_told, give_back, grant, today

NOON = 1_795_694_400.0
"""26 November 2026, 12:00 UTC."""
DAY = 24 * 3600.0


@pytest.fixture
def engine(tmp_path: Path) -> SqliteEngine:
    return SqliteEngine(tmp_path)


def granted(engine: SqliteEngine, *jobs: str, now: float = NOON, per_day: int = 2) -> list[bool]:
    return [engine.transact(lambda shelf, job=job: grant(shelf, job, now, per_day=per_day)) for job in jobs]  # type: ignore[misc]  # bound now


def counted(engine: SqliteEngine, now: float = NOON) -> tuple[str, int, int]:
    day = engine.transact(lambda shelf: today(shelf, now))
    return day.name, day.granted, day.held


def test_as_many_are_granted_as_the_day_has(engine: SqliteEngine) -> None:
    assert granted(engine, "1:1", "1:2", "1:3") == [True, True, False]
    assert counted(engine) == ("2026-11-26", 2, 1)


def test_a_job_that_asks_again_is_told_the_same_and_counts_once(engine: SqliteEngine) -> None:
    first = granted(engine, "1:1", "1:2", "1:3")

    assert granted(engine, "1:3", "1:2", "1:1") == first[::-1]
    assert granted(engine, "1:1", "1:3", now=NOON + DAY) == [True, False]  # after a death at midnight, too
    assert counted(engine) == ("2026-11-26", 2, 1)


def test_the_day_turns_at_midnight_in_utc(engine: SqliteEngine) -> None:
    granted(engine, "1:1", "1:2", now=NOON + DAY / 2 - 1)

    assert granted(engine, "1:3", now=NOON + DAY / 2 - 0.5) == [False]
    assert granted(engine, "1:4", now=NOON + DAY / 2) == [True]
    assert counted(engine, NOON + DAY) == ("2026-11-27", 1, 0)


def test_days_that_are_over_are_forgotten(engine: SqliteEngine) -> None:
    for number in range(5):
        granted(engine, f"1:{number}", now=NOON + number * DAY)

    assert engine.transact(lambda shelf: list(shelf.under("handed_over/"))) == ["handed_over/2026-11-30"]


@pytest.mark.parametrize(("end", "again"), [(give_back, True), (forget_told, False)])
def test_only_a_job_without_an_issue_gives_its_place_back(
    engine: SqliteEngine, end: Callable[[Shelf, str], None], *, again: bool
) -> None:
    granted(engine, "1:1", per_day=1)

    engine.transact(lambda shelf: end(shelf, "1:1"))

    assert granted(engine, "1:2", per_day=1) == [again]
