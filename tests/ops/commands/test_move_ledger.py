"""`booty move-ledger`: everything arrives, or nothing; it can be run again; nothing is lost meanwhile."""

from __future__ import annotations

import json
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from support.deaths import Tell, deaths
from support.ledger_doors import Ledger
from support.operator import claim, refuse, run
from support.postgres import server
from support.service import Service, eventually
from support.webhook import alert_body

from booty.observability.ledger.engines.postgres.connection.known import Known
from booty.observability.ledger.engines.postgres.engine import PostgresEngine
from booty.observability.ledger.engines.postgres.store import PostgresStore
from booty.observability.ledger.engines.sqlite import SqliteEngine

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def url() -> str:
    return server().url(server().new_database())


@pytest.fixture
def ledger(state: Path) -> Ledger:
    """Fill a ledger that nobody has open any more."""
    one = Ledger(state)
    claim(one, "1:1")
    refuse(one, "1:2")
    one.engine.transact(lambda shelf: shelf.update({f"many/{number:05}": "ü" * 50 for number in range(12_000)}))
    one.engine.close()
    return one


def records(state: Path, url: str | None = None) -> dict[str, object]:
    if url is None:
        engine = SqliteEngine(state)
        found = engine.transact(lambda shelf: {key: shelf.get(key) for key in shelf})
        engine.close()
        return found
    another = state.with_name("another-machine")  # this one may still have its file
    store = PostgresStore(url, directory=another, patience=60.0)  # 12,000 questions, on a machine that may be busy
    there = store.look(lambda shelf: {key: shelf.get(key) for key in shelf})
    found = {key: value for key, value in (there or {}).items() if not key.startswith("moved/")}
    if isinstance(schema := found.get("schema"), dict):
        schema.pop("id", None)  # that of the ledger in the database
    return found


def test_everything_is_there_afterwards_and_the_file_is_kept_under_another_name(
    state: Path, ledger: Ledger, url: str
) -> None:
    before = records(state)
    ledger.engine.close()

    done = run(state, "move-ledger", "--to", url)

    assert done.returncode == 0
    assert f"{len(before)} records are in postgresql://" in done.stdout
    assert f"10000 of {len(before)} records" in done.stderr
    assert "files nothing until this is done" in done.stderr
    assert records(state, url) == before
    assert [path.name for path in state.glob("ledger-*")] == ["ledger-1.sqlite3.moved"]
    assert run(state, "status", BOOTY_LEDGER_URL=url).stdout.startswith("1 owed, 1 refused\n")
    assert run(state, "retry", "1:1", BOOTY_LEDGER_URL=url).returncode == 0
    assert run(state, "move-ledger", "--to", url).returncode == 1


def test_it_can_be_run_again_where_it_was_killed_before_the_file_had_its_new_name(
    state: Path, ledger: Ledger, url: str
) -> None:
    del ledger
    run(state, "move-ledger", "--to", url)
    (state / "ledger-1.sqlite3.moved").rename(state / "ledger-1.sqlite3")
    PostgresEngine(url, patience=20.0).transact(lambda shelf: shelf.update({"alert/1:9": {"count": 1}}))

    done = run(state, "move-ledger", "--json", BOOTY_LEDGER_URL=url)

    assert (done.returncode, json.loads(done.stdout)["is_new"]) == (0, False)
    assert (state / "ledger-1.sqlite3.moved").exists()
    assert "alert/1:9" in records(state, url)


def test_killed_between_any_two_steps_it_leaves_all_or_nothing(state: Path, url: str) -> None:
    claim(first := Ledger(state), "1:1")
    first.engine.close()
    before = sorted(records(state))

    def move(_: int, tell: Tell) -> None:
        if run(state, "move-ledger", "--to", url).returncode == 0:
            tell("moved")

    is_moved = False
    for _, told in deaths(move, inside="/postgres/moving.py"):
        is_moved = is_moved or bool(told)
        assert set(records(state, url)) in (set(), {"schema"}, set(before))
    assert is_moved
    assert sorted(records(state, url)) == before


def keep_open(state: Path, told: Connection) -> None:
    engine = SqliteEngine(state)
    engine.transact(lambda shelf: shelf.get("a"))
    told.send("open")
    told.recv()


def test_it_refuses_while_the_service_has_the_file_open(state: Path, ledger: Ledger, url: str) -> None:
    del ledger
    ours, theirs = FORK.Pipe()
    service = FORK.Process(target=keep_open, args=(state, theirs))
    service.start()
    ours.recv()

    done = run(state, "move-ledger", "--to", url)

    assert done.returncode == 3
    assert "The service has this file open" in done.stderr
    assert set(records(state, url)) <= {"schema"}
    assert (state / "ledger-1.sqlite3").exists()
    ours.send("end")
    service.join()
    assert run(state, "move-ledger", "--to", url).returncode == 0


def test_a_second_machine_that_used_the_empty_database_before_finds_the_ledger_it_knows(
    state: Path, ledger: Ledger, url: str, tmp_path: Path
) -> None:
    del ledger
    (other := tmp_path / "other").mkdir()
    PostgresEngine(url, patience=20.0, known=Known(other)).tidy()
    assert run(state, "move-ledger", "--to", url).returncode == 0

    there = PostgresEngine(url, patience=20.0, known=Known(other))
    assert there.transact(lambda shelf: "alert/1:1" in shelf)


def test_it_refuses_a_database_that_holds_another_ledger(state: Path, ledger: Ledger, url: str) -> None:
    del ledger
    PostgresEngine(url, patience=20.0).transact(lambda shelf: shelf.update({"alert/1:9": {"count": 1}}))

    done = run(state, "move-ledger", "--to", url)

    assert done.returncode == 3
    assert "holds a ledger already, with 1 records of problems, so nothing was moved" in done.stderr
    assert "alert/1:1" not in records(state, url)
    assert (state / "ledger-1.sqlite3").exists()


@pytest.mark.parametrize("begins_at", [0, 4096 * 100], ids=["all of it", "pages in its middle"])
def test_it_refuses_a_file_that_is_damaged_and_nothing_is_moved(
    state: Path, ledger: Ledger, url: str, begins_at: int
) -> None:
    del ledger
    file = state / "ledger-1.sqlite3"
    with file.open("r+b") as opened:
        opened.seek(begins_at)
        opened.write(os.urandom(4096 * 20))
    before = file.read_bytes()[100:]

    done = run(state, "move-ledger", "--to", url)

    assert done.returncode == 3
    assert "The ledger cannot be moved: " in done.stderr
    assert "what can be saved of it" in done.stderr
    assert set(records(state, url)) <= {"schema"}
    assert file.read_bytes()[100:] == before  # after the header, which has the mode of its log


def test_a_database_that_will_not_do_or_is_away_is_said_in_words(state: Path, ledger: Ledger) -> None:
    del ledger

    assert run(state, "move-ledger").returncode == 78
    assert run(state, "move-ledger", "--to", "mysql://host/name").returncode == 78
    assert run(state, "move-ledger", "--to", server().url("nowhere")).returncode == 78
    assert run(state, "move-ledger", "--to", "postgresql://owner@127.0.0.1:1/name").returncode == 69
    assert (state / "ledger-1.sqlite3").exists()


def test_the_url_may_be_a_credential_of_systemds(state: Path, ledger: Ledger, url: str, tmp_path: Path) -> None:
    del ledger
    (tmp_path / "BOOTY_LEDGER_URL").write_text(url)

    assert run(state, "move-ledger", CREDENTIALS_DIRECTORY=str(tmp_path)).returncode == 0
    assert run(state, "status", CREDENTIALS_DIRECTORY=str(tmp_path)).stdout.startswith("1 owed, 1 refused\n")


def test_without_a_ledger_there_is_nothing_to_move(state: Path, url: str) -> None:
    assert run(state, "move-ledger", "--to", url).returncode == 1


def test_a_service_keeps_alerts_on_disk_until_the_ledger_is_moved_then_knows_what_it_knew(
    state: Path, url: str
) -> None:
    with Service(state) as before:
        assert before.post(alert_body(issue_id="1", event_id="1" * 32)).status == 202
        assert eventually(lambda: bool(list((state / "issues").glob("*"))))

    with Service(state, {"BOOTY_LEDGER_URL": url}) as service:
        assert service.post(alert_body(issue_id="1", event_id="2" * 32)).status == 202
        assert service.post(alert_body(issue_id="2", event_id="3" * 32)).status == 202
        health = service.get("/health")
        assert (health.status, health.content["spooled"]) == (200, 2)
        assert "booty move-ledger" in run(state, "status", BOOTY_LEDGER_URL=url).stdout
        assert run(state, "retry", "--all", BOOTY_LEDGER_URL=url).returncode == 69
        moved = run(state, "move-ledger", BOOTY_LEDGER_URL=url)
        assert moved.returncode == 0, moved.stderr
        assert eventually(lambda: "spooled" not in service.get("/health").content)
        found = records(state, url)
        first, second = sorted(key for key in found if key.startswith("alert/"))
        assert found[first]["count"] == 2  # type: ignore[index]  # a problem's record
        assert found[second]["count"] == 1  # type: ignore[index]  # the same

    without = Service(state)
    with pytest.raises(RuntimeError, match="BOOTY_LEDGER_URL: is not set, but the ledger was moved"):
        without.start()
    without.__exit__(None, None, None)
