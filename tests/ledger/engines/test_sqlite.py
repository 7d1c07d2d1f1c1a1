"""The store, with real processes that are killed and real files that are spoilt."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Barrier, Thread

import pytest

from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.sqlite import NotStored, Store

ROOT = Path(__file__).parents[3]
FORK = multiprocessing.get_context("fork")


def put(key: str, value: object) -> Callable[[JsonShelf], None]:
    def work(shelf: JsonShelf) -> None:
        shelf[key] = value

    return work


def count_up(shelf: JsonShelf) -> int:
    shelf["count"] = shelf.get("count", 0) + 1
    return int(shelf["count"])


def close(store: Store) -> None:
    """End the store's use of its file, which empties the write-ahead log into it."""
    store.transact(lambda shelf: shelf.dict.connection).close()


def names(shelf: JsonShelf) -> list[str]:
    """Return the keys, without the store's own note of whose records it has."""
    assert len(shelf) == len(list(shelf))
    return sorted(key for key in shelf if key != "schema")


def ledgers(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if path.suffix == ".sqlite3")


def test_keeps_what_was_written(tmp_path: Path) -> None:
    Store(tmp_path).transact(put("a", {"b": [1, None, "ü"]}))

    assert Store(tmp_path).transact(lambda shelf: shelf["a"]) == {"b": [1, None, "ü"]}


def change_much(shelf: JsonShelf) -> tuple[list[str], int, bool, list[str]]:
    for number in range(1000):
        shelf[f"many/{number:03}"] = number
    shelf["many/000"] = "anew"
    del shelf["many/001"]
    shelf["one"] = 1
    shelf.pop("one")
    return sorted(shelf.under("many/"))[:2], len(names(shelf)), "one" in shelf, [shelf["many/000"]]


def test_a_transaction_sees_what_it_wrote_itself(tmp_path: Path) -> None:
    seen = Store(tmp_path).transact(change_much)

    assert seen == (["many/000", "many/002"], 999, False, ["anew"])
    assert Store(tmp_path).transact(lambda shelf: (len(names(shelf)), shelf["many/999"])) == (999, 999)


def test_nothing_that_was_deleted_is_left_in_its_files(tmp_path: Path) -> None:
    store, beside = Store(tmp_path), Store(tmp_path)
    long = "deleted words " * 2_000
    store.transact(lambda shelf: shelf.update({f"many/{number}": f"{long}{number}" for number in range(20)}))
    beside.transact(lambda shelf: shelf.update({"one": "kept words"}))

    store.transact(lambda shelf: [shelf.pop(key) for key in list(shelf.under("many/"))])
    store.tidy()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"deleted words" not in left
    assert b"kept words" in left
    assert beside.transact(lambda shelf: shelf["one"]) == "kept words"


def test_does_not_wait_for_a_reader_to_tidy_up(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.transact(put("a", 1))
    reader = sqlite3.connect(tmp_path / "ledger-1.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entries").fetchone()
    store.transact(put("a", 2))

    store.tidy()
    assert store.transact(lambda shelf: shelf["a"]) == 2
    reader.close()


def test_opens_nothing_before_the_first_transaction(tmp_path: Path) -> None:
    Store(tmp_path / "state")

    assert not (tmp_path / "state").exists()


def test_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    Store(state).transact(put("a", 1))

    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()} == {0o600}


def test_undoes_all_of_a_transaction_that_fails(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.transact(put("a", 1))

    def spoil(shelf: JsonShelf) -> None:
        shelf["a"] = 2
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.transact(spoil)

    assert store.transact(lambda shelf: shelf["a"]) == 1


def test_threads_that_wait_share_transactions_without_losing_one(tmp_path: Path) -> None:
    store, gate, seen = Store(tmp_path), Barrier(16), list[int]()

    def climb() -> None:
        gate.wait()
        seen.extend(store.transact(count_up) for _ in range(25))

    threads = [Thread(target=climb) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == list(range(1, 401))


def climb_alone(directory: Path, times: int) -> None:
    store = Store(directory)
    for _ in range(times):
        store.transact(count_up)


def test_processes_take_turns(tmp_path: Path) -> None:
    processes = [FORK.Process(target=climb_alone, args=(tmp_path, 50)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert Store(tmp_path).transact(lambda shelf: shelf["count"]) == 200


def test_does_not_use_after_a_fork_what_was_opened_before_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.transact(count_up)
    process = FORK.Process(target=store.transact, args=(count_up,))
    process.start()
    process.join()

    assert process.exitcode == 0
    assert store.transact(count_up) == 3


def write_and_tell(directory: Path, told: Connection) -> None:
    store = Store(directory)
    while True:
        told.send(store.transact(count_up))


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    last = 0
    for acknowledged in range(1, 21):
        ours, theirs = FORK.Pipe()
        writer = FORK.Process(target=write_and_tell, args=(tmp_path, theirs))
        writer.start()
        theirs.close()
        for _ in range(acknowledged):
            last = ours.recv()
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        while ours.poll():
            try:
                last = ours.recv()
            except EOFError:
                break

        stored = Store(tmp_path).transact(lambda shelf: shelf["count"])
        assert stored in {last, last + 1}
        last = stored


def test_moves_noise_aside_and_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = Store(tmp_path)
    before.transact(put("a", 1))
    close(before)
    noise = os.urandom(70_000)
    (tmp_path / "ledger-1.sqlite3").write_bytes(noise)

    store = Store(tmp_path)
    store.transact(put("b", 2))

    assert store.transact(names) == ["b"]
    assert (tmp_path / "ledger-1.sqlite3.unreadable").read_bytes() == noise
    assert [record.message for record in caplog.records] == ["ledger_moved_aside"]


def test_noise_over_a_ledger_in_use_does_not_stop_the_service(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(500):
        store.transact(put(f"key/{number}", "x" * 200))
    store.transact(lambda shelf: shelf.dict.connection.execute("SELECT 1"))
    with (tmp_path / "ledger-1.sqlite3").open("r+b") as ledger:
        ledger.write(os.urandom(ledger.seek(0, os.SEEK_END)))
        ledger.seek(0)
        ledger.write(os.urandom(200_000))

    for name in ("a", "b", "c"):
        store.transact(put(name, 1))

    assert Store(tmp_path).transact(lambda shelf: [shelf[name] for name in "abc"]) == [1, 1, 1]


def test_a_directory_in_the_ledgers_place_stays_there_beside_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "ledger-1.sqlite3").mkdir()
    Store(tmp_path).transact(lambda shelf: shelf.update(a=1))

    assert Store(tmp_path).transact(lambda shelf: shelf["a"]) == 1
    assert (tmp_path / "ledger-1.sqlite3").is_dir()
    assert (tmp_path / "ledger-2.sqlite3").is_file()


def test_a_ledger_that_was_deleted_while_open_is_made_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.transact(put("a", 1))
    for path in tmp_path.glob("ledger-1*"):
        path.unlink()

    store.transact(put("b", 2))

    assert ledgers(tmp_path) == ["ledger-1.sqlite3"]
    assert Store(tmp_path).transact(names) == ["b"]


def test_another_process_follows_to_the_new_ledger(tmp_path: Path) -> None:
    first, second = Store(tmp_path), Store(tmp_path)
    first.transact(put("a", 1))
    second.transact(put("a", 2))
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"ledger-1.sqlite3{suffix}").rename(tmp_path / f"ledger-1.sqlite3.unreadable{suffix}")
    third = Store(tmp_path)
    third.transact(put("b", 3))

    first.transact(put("c", 4))
    second.transact(put("d", 5))

    assert Store(tmp_path).transact(names) == ["b", "c", "d"]


def test_a_value_that_is_not_json_counts_as_missing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.transact(put("a", 1))
    with sqlite3.connect(tmp_path / "ledger-1.sqlite3") as connection:
        connection.execute("UPDATE entries SET value = ?", (b"\x80\x04cposix\nsystem\n",))
    connection.close()

    assert store.transact(lambda shelf: shelf.get("a")) is None


def test_says_so_when_the_directory_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(NotStored):
        Store(tmp_path / "file" / "state").transact(put("a", 1))


def fill_up(directory: Path, told: Connection) -> None:
    """Write until the allowance for files is used up; then take the limit away and write once more."""
    import resource  # noqa: PLC0415 - of the child process alone

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    store, written = Store(directory), 0
    try:
        while True:
            store.transact(put(f"key/{written}", "x" * 5_000))
            written += 1
    except NotStored:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        store.transact(put("after", 1))
        told.send(written)


def test_a_full_disk_is_told_to_the_caller_and_recovered_from(tmp_path: Path) -> None:
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=fill_up, args=(tmp_path, theirs))
    process.start()
    written = ours.recv()
    process.join()

    keys = Store(tmp_path).transact(names)
    assert written > 0
    assert keys == sorted(["after", *(f"key/{number}" for number in range(written))])


def test_two_stores_of_one_process_survive_another_process_that_comes_and_goes(tmp_path: Path) -> None:
    first, second = Store(tmp_path), Store(tmp_path)
    first.transact(put("a", 1))
    second.transact(put("b", 2))
    settings = {"SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush", "TARGET_REPO_URL": "acme/shop", "BOOTY_PREVIEW": "1"}
    environ = {**os.environ, **settings, "BOOTY_STATE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "booty", "status"], cwd=ROOT, env=environ, check=True)

    first.transact(put("c", 3))

    assert Store(tmp_path).transact(names) == ["a", "b", "c"]


def synchronous(shelf: JsonShelf) -> int:
    """Return SQLite's level: 1 is NORMAL, 2 is FULL (https://sqlite.org/pragma.html#pragma_synchronous)."""
    return int(shelf.dict.connection.execute("PRAGMA synchronous").fetchone()[0])


def test_only_what_need_not_last_is_left_unsynced(tmp_path: Path) -> None:
    store = Store(tmp_path)

    levels = [store.transact(synchronous, is_lasting=is_lasting) for is_lasting in (True, False, True)]

    assert levels == [2, 1, 2]


def test_what_is_read_ahead_is_what_the_transaction_itself_has_made_of_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.transact(put("a", 1))

    def work(shelf: JsonShelf) -> list[object]:
        seen: list[object] = [shelf["a"], shelf.get("b")]
        shelf["a"], shelf["b"] = 2, 3
        seen += [shelf["a"], shelf["b"]]
        del shelf["a"]
        return [*seen, shelf.get("a"), shelf["b"]]

    assert store.transact(work, reads=("a", "b")) == [1, None, 2, 3, None, 3]
