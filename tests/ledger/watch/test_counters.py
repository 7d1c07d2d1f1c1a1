"""Counters that several processes add to."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.deaths import FORK, Tell, deaths

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.watch.counters import Counters
from booty.observability.ledger.watch.notes import Notes

NOW = 1_800_000_000.0


def of_a_process(directory: Path) -> tuple[Notes, Counters]:
    notes = Notes()
    return notes, Counters(SqliteEngine(directory), notes)


def counted(directory: Path) -> dict[str, int]:
    return dict(of_a_process(directory)[1].read(now=NOW).counts)


def test_what_every_process_counted_is_one_sum(tmp_path: Path) -> None:
    for _ in range(2):
        notes, counters = of_a_process(tmp_path)
        for name in ("webhooks/accepted", "webhooks/accepted", "deliveries/filed"):
            notes.count(name)
        counters.add()
        counters.add()

    assert counted(tmp_path) == {"webhooks/accepted": 4, "deliveries/filed": 2}


def test_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    def work() -> None:
        notes, counters = of_a_process(tmp_path)
        for _ in range(50):
            notes.count("webhooks/accepted")
            counters.add()

    processes = [FORK.Process(target=work) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert counted(tmp_path) == {"webhooks/accepted": 200}


def test_a_kill_costs_what_was_not_added_and_counts_nothing_twice(tmp_path: Path) -> None:
    def work(_: int, tell: Tell) -> None:
        notes, counters = of_a_process(tmp_path)
        for _ in range(3):
            notes.count("webhooks/accepted")
            counters.add()
            tell("added")

    added = sum(len(acknowledged) for _, acknowledged in deaths(work, inside="/watch/counters.py"))

    assert added <= counted(tmp_path)["webhooks/accepted"] <= added + 3 * added


def test_what_could_not_be_added_is_added_later(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("no directory")
    notes, counters = of_a_process(state)
    notes.count("webhooks/accepted")
    with pytest.raises(NotStored):
        counters.add()
    state.unlink()
    notes.count("webhooks/accepted")
    counters.add()

    assert counted(state) == {"webhooks/accepted": 2}


def test_when_sentry_was_heard_of_last_is_the_latest_of_all(tmp_path: Path) -> None:
    for heard_at in (NOW - 5, NOW - 9):
        notes, counters = of_a_process(tmp_path)
        notes.heard_at = heard_at
        notes.count("webhooks/ok")
        counters.add()

    assert of_a_process(tmp_path)[1].read(now=NOW).heard_at == NOW - 5


@pytest.mark.parametrize("record", ["x", {"counts": 7, "heard_at": "x"}, {"counts": {"webhooks/accepted": "x"}}])
def test_a_damaged_record_begins_anew(tmp_path: Path, record: object) -> None:
    notes, counters = of_a_process(tmp_path)
    SqliteEngine(tmp_path).transact(lambda shelf: shelf.update({"counted": record}))
    notes.count("webhooks/accepted")
    counters.add()

    assert counted(tmp_path) == {"webhooks/accepted": 1}
