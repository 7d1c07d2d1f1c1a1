"""What holds deliveries up, as the ledger knows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.alerts import alert
from support.ledger_doors import Ledger

from booty.observability.alerts.filters import Verdict
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.hold_up import HoldUp, hold_up
from booty.observability.ledger.schedule.jobs import FilingJob, Pause

NOW = 1_795_000_000.0


@pytest.fixture
def store(tmp_path: Path) -> SqliteEngine:
    return SqliteEngine(tmp_path)


@pytest.fixture
def ledger(store: SqliteEngine) -> Ledger:
    ledger = Ledger(store.directory, engine=store, keep_seconds=1.0)
    ledger.claims.claim(alert(), lambda _: Verdict.ACCEPTED, now=NOW)
    return ledger


def at(store: SqliteEngine, seconds: float) -> HoldUp | None:
    return store.transact(lambda shelf: hold_up(shelf, NOW + seconds))


def held(ledger: Ledger) -> FilingJob:
    job = ledger.queue.take(now=NOW)
    assert isinstance(job, FilingJob)
    return job


def test_nothing_holds_up_what_has_just_come_or_is_under_way(store: SqliteEngine, ledger: Ledger) -> None:
    assert at(store, 60) is None

    held(ledger)

    assert at(store, 149) is None


def test_work_that_nobody_does_is_late_whether_or_not_somebody_died_with_it(
    store: SqliteEngine, ledger: Ledger
) -> None:
    assert at(store, 121) == "late"

    held(ledger)

    assert at(store, 151) == "late"


def test_what_waits_for_its_turn_in_a_storm_is_not_late(store: SqliteEngine, ledger: Ledger) -> None:
    ledger.claims.claim(alert(fingerprint="1:2"), lambda _: Verdict.ACCEPTED, now=NOW)
    ledger.queue.settle(held(ledger), None, now=NOW + 100)

    assert (at(store, 219), at(store, 221)) == (None, "late")


def test_a_pause_shows_until_it_is_over(store: SqliteEngine, ledger: Ledger) -> None:
    ledger.queue.postpone(
        held(ledger), due_at=NOW, attempt=None, pause=Pause(NOW + 60, "GitHub limits the rate"), now=NOW
    )

    assert (at(store, 59), at(store, 61)) == ("paused", "failing")


def test_calls_that_fail_show_between_the_tries_until_one_succeeds(store: SqliteEngine, ledger: Ledger) -> None:
    ledger.queue.postpone(
        held(ledger), due_at=NOW + 15, attempt=None, pause=Pause(NOW + 1, "GitHub answered 503"), now=NOW
    )
    waiting = at(store, 10)
    again = ledger.queue.take(now=NOW + 15)
    assert isinstance(again, FilingJob)
    ledger.queue.settle(again, None, now=NOW + 16)

    assert (waiting, at(store, 17)) == ("failing", None)


def test_a_stop_shows_until_it_is_lifted(store: SqliteEngine, ledger: Ledger) -> None:
    ledger.queue.stop(held(ledger), "401 Bad credentials", "set a new token", attempt=None, now=NOW)

    assert at(store, 3600) == "stopped"


def test_nothing_is_held_up_where_nothing_is_owed(tmp_path: Path) -> None:
    assert at(SqliteEngine(tmp_path / "empty"), 0) is None
