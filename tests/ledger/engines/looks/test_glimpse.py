"""A look at records beside the connection that writes: remembered while nobody commits, and no longer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from booty.observability.ledger.engines.ledger_file import held
from booty.observability.ledger.engines.looks.glimpse import MOST, MOST_AT_ONCE, TRUSTED_SECONDS, Glimpse
from booty.observability.ledger.engines.sqlite import SqliteEngine


def put(engine: SqliteEngine, **values: object) -> None:
    engine.transact(lambda shelf: shelf.update(values))


@pytest.fixture
def engine(tmp_path: Path) -> SqliteEngine:
    engine = SqliteEngine(tmp_path)
    put(engine, one={"count": 1}, two={"count": 2})
    return engine


def test_tells_what_is_stored(engine: SqliteEngine) -> None:
    assert engine.peek("one", "two", "three") == [{"count": 1}, {"count": 2}, None]


def test_before_the_first_transaction_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    assert SqliteEngine(tmp_path).peek("one") is None


def test_what_did_not_change_is_the_same_object(engine: SqliteEngine) -> None:
    seen = engine.peek("one")
    again = engine.peek("two", "one")

    assert seen is not None
    assert again is not None
    assert again[1] is seen[0]


def test_a_commit_of_this_process_is_seen_at_once(engine: SqliteEngine) -> None:
    engine.peek("one", "three")
    put(engine, one={"count": 9}, three=3)

    assert engine.peek("one", "three") == [{"count": 9}, 3]


@pytest.mark.parametrize("number", [2, MOST_AT_ONCE, MOST_AT_ONCE + 5])
def test_after_a_commit_each_record_is_told_as_it_is_then(engine: SqliteEngine, number: int) -> None:
    names = [f"key{each}" for each in range(number)]
    for count in range(3):
        put(engine, **{name: {"count": count} for name in names})

        assert [engine.peek(name) for name in names] == [[{"count": count}]] * number


def test_a_commit_of_another_process_is_seen_at_once(engine: SqliteEngine) -> None:
    other = SqliteEngine(engine.directory)
    for count in range(50):
        put(other, one={"count": count})

        assert engine.peek("one") == [{"count": count}]


def test_a_commit_that_nobody_tells_of_is_seen_a_hundredth_of_a_second_later(engine: SqliteEngine) -> None:
    path, now = engine.directory / "ledger-1.sqlite3", [0.0]
    file, glimpse = held(path), Glimpse(clock=lambda: now[0])
    assert glimpse.look(file, ["one"]) == [{"count": 1}]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM entries WHERE key = ?", (b"one",))

    now[0] += TRUSTED_SECONDS
    assert glimpse.look(file, ["one"]) == [None]
    glimpse.close()


def test_a_file_that_was_moved_is_looked_at_no_more(engine: SqliteEngine) -> None:
    path, now = engine.directory / "ledger-1.sqlite3", [0.0]
    file, glimpse = held(path), Glimpse(clock=lambda: now[0])
    assert glimpse.look(file, ["one"]) == [{"count": 1}]
    path.rename(f"{path}.unreadable")

    now[0] += TRUSTED_SECONDS
    assert glimpse.look(file, ["one"]) is None
    glimpse.close()


def test_no_more_than_so_many_records_are_remembered(engine: SqliteEngine) -> None:
    put(engine, **{f"key{number}": {"number": number} for number in range(MOST + 10)})
    first = engine.peek("key0")
    for number in range(MOST + 10):
        assert engine.peek(f"key{number}") == [{"number": number}]
    again = engine.peek("key0")

    assert first is not None
    assert again is not None
    assert again[0] == first[0]
    assert again[0] is not first[0]
