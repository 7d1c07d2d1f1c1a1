"""What GitHub left out is said once a day, whoever meets with it."""

from __future__ import annotations

from pathlib import Path

from support.away import AwayEngine
from support.ledger_steps import DAY, NOW

from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.handover.door import HandoverDoor
from booty.observability.ledger.schedule.reports import Reports


def door(directory: Path, *, at: float) -> HandoverDoor:
    """Return the door of a worker of its own, whose clock stands still."""
    engine = SqliteEngine(directory)
    return HandoverDoor(engine, Reports(engine), clock=lambda: at)


def test_what_was_said_is_no_news_for_a_day_to_any_worker(tmp_path: Path) -> None:
    moments = (NOW, NOW, NOW + 1, NOW + DAY - 1, NOW + DAY)
    said = [door(tmp_path, at=at).is_news("labels/agent:builder") for at in moments]

    assert said == [
        True,
        False,
        False,
        False,
        True,
    ]


def test_another_thing_is_news_all_the_same(tmp_path: Path) -> None:
    said = door(tmp_path, at=NOW)
    said.is_news("labels/a")

    assert said.is_news("labels/b")


def test_a_clock_that_was_set_back_silences_nothing(tmp_path: Path) -> None:
    door(tmp_path, at=NOW + 30 * DAY).is_news("labels/a")

    assert door(tmp_path, at=NOW).is_news("labels/a")


def test_where_the_ledger_cannot_tell_it_is_said(tmp_path: Path) -> None:
    engine = AwayEngine(SqliteEngine(tmp_path))
    engine.is_away = True

    assert HandoverDoor(engine, Reports(engine), clock=lambda: NOW).is_news("labels/a")
