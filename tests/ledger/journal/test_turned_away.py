"""Requests that were turned away are counted a minute, and cost no write each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from support.engines import SqlitePlace
from support.journal import refusals
from support.ledger_doors import Ledger
from support.service import eventually

from booty.observability.ledger.engines.engine import About, Engine, Ranges, Result, Work
from booty.observability.ledger.journal.entries import Refusals
from booty.observability.ledger.journal.turned_away import MINUTE, MOST_MINUTES, TurnedAway

NOW = 1_800_000_000.0  # the beginning of a minute


@dataclass
class Counted:
    """An engine that counts its transactions."""

    engine: Engine
    times: int = 0
    tidy: Callable[[], None] = field(default=lambda: None)
    close: Callable[[], None] = field(default=lambda: None)

    def transact(
        self,
        work: Work[Result],
        *,
        reads: tuple[str, ...] = (),
        ranges: Ranges = (),
        about: About = None,
        is_lasting: bool = True,
    ) -> Result:
        """See `Engine`."""
        self.times += 1
        return self.engine.transact(work, reads=reads, ranges=ranges, about=about, is_lasting=is_lasting)

    def peek(self, *keys: str) -> None:
        """See `Engine`."""

    def free_bytes(self) -> int | None:
        """See `Engine`."""
        return None


def test_a_thousand_requests_are_one_write_that_counts_them_by_minute_and_reason(tmp_path: Path) -> None:
    now, engine = [NOW], Counted(Ledger(tmp_path).engine)
    turned_away = TurnedAway(engine, clock=lambda: now[0])
    for number in range(1000):
        now[0] = NOW + number / 10
        turned_away.count("unsigned" if number % 10 else "too_large")

    turned_away.flush()

    assert engine.times == 1
    assert refusals(tmp_path) == [
        Refusals(NOW, "too_large", 60),
        Refusals(NOW, "unsigned", 540),
        Refusals(NOW + MINUTE, "too_large", 40),
        Refusals(NOW + MINUTE, "unsigned", 360),
    ]


def put_off() -> set[object]:
    """Return what the timers of this process will call."""
    return {each.function for each in threading.enumerate() if isinstance(each, threading.Timer)}


def test_they_are_written_without_being_asked_for(tmp_path: Path) -> None:
    of_others = put_off()
    TurnedAway(Ledger(tmp_path).engine, clock=lambda: NOW).count("cut")

    assert eventually(lambda: refusals(tmp_path) == [Refusals(NOW, "cut", 1)])
    assert eventually(lambda: put_off() <= of_others)


def test_what_two_processes_count_in_a_minute_is_added_up(tmp_path: Path) -> None:
    for _ in range(2):
        turned_away = TurnedAway(Ledger(tmp_path).engine, clock=lambda: NOW)
        turned_away.count("unverified")
        turned_away.flush()

    assert refusals(tmp_path) == [Refusals(NOW, "unverified", 2)]


def test_what_cannot_be_written_is_written_once_it_can_be(tmp_path: Path) -> None:
    place = SqlitePlace(tmp_path)
    turned_away = TurnedAway(place.engine(), clock=lambda: NOW)
    place.engine().transact(lambda shelf: shelf.update({"a": 1}))
    place.take_away()
    for _ in range(2):
        turned_away.count("not_stored")
        turned_away.flush()
    place.give_back()

    turned_away.flush()

    assert refusals(tmp_path / "state") == [Refusals(NOW, "not_stored", 2)]


def test_a_stranger_who_never_stops_takes_up_so_many_minutes(tmp_path: Path) -> None:
    now, of = [NOW], Ledger(tmp_path)
    turned_away = TurnedAway(of.engine, clock=lambda: now[0])
    for minute in range(MOST_MINUTES + 20):
        now[0] = NOW + minute * MINUTE
        turned_away.count("unsigned")
    turned_away.flush()
    kept = refusals(tmp_path)
    of.queue.forget(now=NOW + 8 * 24 * 60 * MINUTE)

    assert (len(kept), kept[0].at) == (MOST_MINUTES, NOW + 20 * MINUTE)
    assert 0 < len(refusals(tmp_path)) < MOST_MINUTES
