"""The engine over a SQLite file: its names, its modes, what is left in it; with real files that are spoilt."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.sqlite_store import SqliteStore

ROOT = Path(__file__).parents[3]
FORK = multiprocessing.get_context("fork")


def put(key: str, value: object) -> Callable[[Shelf], None]:
    def work(shelf: Shelf) -> None:
        shelf[key] = value

    return work


def names(shelf: Shelf) -> list[str]:
    """Return the keys, without the store's own note of whose records it has."""
    return sorted(key for key in shelf if key != "schema")


def ledgers(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if path.suffix == ".sqlite3")


def test_nothing_that_was_deleted_is_left_in_its_files(tmp_path: Path) -> None:
    store, beside = SqliteEngine(tmp_path), SqliteEngine(tmp_path)
    long = "deleted words " * 2_000
    store.transact(lambda shelf: shelf.update({f"many/{number}": f"{long}{number}" for number in range(20)}))
    beside.transact(lambda shelf: shelf.update({"one": "kept words"}))

    store.transact(lambda shelf: [shelf.pop(key) for key in list(shelf.under("many/"))])
    store.tidy()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"deleted words" not in left
    assert b"kept words" in left
    assert beside.transact(lambda shelf: shelf["one"]) == "kept words"


def test_every_commit_leaves_a_trace_and_no_look_does(tmp_path: Path) -> None:
    store, engine = SqliteStore(tmp_path), SqliteEngine(tmp_path)
    traces = [store.trace()]
    for number in range(3):
        engine.transact(put("a", number))
        traces.append(store.trace())
    with closing(sqlite3.connect(tmp_path / "ledger-1.sqlite3", isolation_level=None)) as unmarked:
        unmarked.execute("DELETE FROM entries WHERE key = X'61'")
        traces.append(store.trace())

    assert store.look(names) == []
    assert store.trace() == traces[-1]
    assert len(set(traces)) == len(traces)


def test_does_not_wait_for_a_reader_to_tidy_up(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    store.transact(put("a", 1))
    reader = sqlite3.connect(tmp_path / "ledger-1.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entries").fetchone()
    store.transact(put("a", 2))

    store.tidy()
    assert store.transact(lambda shelf: shelf["a"]) == 2
    reader.close()


def test_opens_nothing_before_the_first_transaction(tmp_path: Path) -> None:
    SqliteEngine(tmp_path / "state")

    assert not (tmp_path / "state").exists()


def test_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    SqliteEngine(state).transact(put("a", 1))

    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()} == {0o600}


def test_moves_noise_aside_and_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = SqliteEngine(tmp_path)
    before.transact(put("a", 1))
    before.close()
    noise = os.urandom(70_000)
    (tmp_path / "ledger-1.sqlite3").write_bytes(noise)

    store = SqliteEngine(tmp_path)
    store.transact(put("b", 2))

    assert store.transact(names) == ["b"]
    assert (tmp_path / "ledger-1.sqlite3.unreadable").read_bytes() == noise
    assert [record.message for record in caplog.records] == ["ledger_moved_aside"]


def test_noise_over_a_ledger_in_use_does_not_stop_the_service(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    for number in range(500):
        store.transact(put(f"key/{number}", "x" * 200))
    with (tmp_path / "ledger-1.sqlite3").open("r+b") as ledger:
        ledger.write(os.urandom(ledger.seek(0, os.SEEK_END)))
        ledger.seek(0)
        ledger.write(os.urandom(200_000))

    for name in ("a", "b", "c"):
        store.transact(put(name, 1))

    assert SqliteEngine(tmp_path).transact(lambda shelf: [shelf[name] for name in "abc"]) == [1, 1, 1]


def test_a_directory_in_the_ledgers_place_stays_there_beside_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "ledger-1.sqlite3").mkdir()
    SqliteEngine(tmp_path).transact(lambda shelf: shelf.update({"a": 1}))

    assert SqliteEngine(tmp_path).transact(lambda shelf: shelf["a"]) == 1
    assert (tmp_path / "ledger-1.sqlite3").is_dir()
    assert (tmp_path / "ledger-2.sqlite3").is_file()


def test_a_ledger_that_was_deleted_while_open_is_made_anew(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    store.transact(put("a", 1))
    for path in tmp_path.glob("ledger-1*"):
        path.unlink()

    store.transact(put("b", 2))

    assert ledgers(tmp_path) == ["ledger-1.sqlite3"]
    assert SqliteEngine(tmp_path).transact(names) == ["b"]


@pytest.mark.parametrize("kept", ["", "ledger-2.sqlite3", "backup"])
def test_a_ledger_that_is_removed_or_replaced_while_open_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kept: str
) -> None:
    store = SqliteEngine(tmp_path)
    store.transact(put("a", 1))
    ledger = tmp_path / "ledger-1.sqlite3"
    (tmp_path / "backup").write_bytes(ledger.read_bytes())
    ledger.unlink()
    if kept:
        (tmp_path / "backup").rename(tmp_path / kept.replace("backup", ledger.name))

    for name in "bc":
        store.transact(put(name, 1))

    told = [(record.message, record.levelno, vars(record)["path"]) for record in caplog.records]
    assert told == [("ledger_replaced", logging.CRITICAL, str(ledger))]


def test_another_process_follows_to_the_new_ledger(tmp_path: Path) -> None:
    first, second = SqliteEngine(tmp_path), SqliteEngine(tmp_path)
    first.transact(put("a", 1))
    second.transact(put("a", 2))
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"ledger-1.sqlite3{suffix}").rename(tmp_path / f"ledger-1.sqlite3.unreadable{suffix}")
    third = SqliteEngine(tmp_path)
    third.transact(put("b", 3))

    first.transact(put("c", 4))
    second.transact(put("d", 5))

    assert SqliteEngine(tmp_path).transact(names) == ["b", "c", "d"]


def test_a_value_that_is_not_json_counts_as_missing(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    store.transact(put("a", 1))
    with sqlite3.connect(tmp_path / "ledger-1.sqlite3") as connection:
        connection.execute("UPDATE entries SET value = ?", (b"\x80\x04cposix\nsystem\n",))
    connection.close()

    assert store.transact(lambda shelf: shelf.get("a")) is None


def test_two_stores_of_one_process_survive_another_process_that_comes_and_goes(tmp_path: Path) -> None:
    first, second = SqliteEngine(tmp_path), SqliteEngine(tmp_path)
    first.transact(put("a", 1))
    second.transact(put("b", 2))
    settings = {"SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush", "TARGET_REPO_URL": "acme/shop", "BOOTY_PREVIEW": "1"}
    environ = {**os.environ, **settings, "BOOTY_STATE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "booty", "status"], cwd=ROOT, env=environ, check=True)

    first.transact(put("c", 3))

    assert SqliteEngine(tmp_path).transact(names) == ["a", "b", "c"]


def tell_levels(directory: Path, told: Connection) -> None:
    """Tell how SQLite syncs lasting, passing, lasting work: 1 is NORMAL, 2 is FULL (sqlite.org/pragma.html)."""
    opened: list[sqlite3.Connection] = []
    sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "sqlite3.connect/handle" else None)
    store = SqliteEngine(directory)

    def level(_: Shelf) -> int:
        return int(opened[-1].execute("PRAGMA synchronous").fetchone()[0])

    told.send([store.transact(level, is_lasting=is_lasting) for is_lasting in (True, False, True)])


def test_only_what_need_not_last_is_left_unsynced(tmp_path: Path) -> None:
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=tell_levels, args=(tmp_path, theirs))
    process.start()
    theirs.close()

    assert ours.recv() == [2, 1, 2]
    process.join()
