"""What the engine over PostgreSQL does beyond the port: over machines, when the server is away, with a wrong URL."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn
from urllib.parse import quote

import psycopg
import pytest
from support.alerts import alert
from support.engines import TESTS_PATIENCE
from support.postgres import Server, server
from support.service import eventually
from support.swallowing_proxy import SwallowingProxy

from booty.observability.alerts.filters import History, Verdict
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import NoAccess, NotStored, Shelf
from booty.observability.ledger.engines.postgres.budget import LONG_SECONDS, one_budget
from booty.observability.ledger.engines.postgres.connection.known import Known
from booty.observability.ledger.engines.postgres.connection.trips import NOTHING, Trips
from booty.observability.ledger.engines.postgres.connection.wire import Wire
from booty.observability.ledger.engines.postgres.desk import Desk
from booty.observability.ledger.engines.postgres.engine import PostgresEngine
from booty.observability.ledger.engines.postgres.line import REFUSED_SECONDS, Line
from booty.observability.ledger.engines.postgres.locks import begin
from booty.observability.ledger.engines.postgres.store import PostgresStore
from booty.observability.ledger.engines.postgres.transaction import MOST_NAMES
from booty.observability.ledger.engines.turns import Turn
from booty.observability.ledger.engines.version import DOUBT_SECONDS, doubted_since
from booty.observability.ledger.journal.lines import BLOCK
from booty.observability.ledger.repetition.repetitions import STORM
from booty.observability.ledger.spool.claims import SpoolingClaims
from booty.observability.ledger.spool.spool import Spool

NOW = 1_800_000_000.0
LONGEST_WAIT = 0.4 + 0.25  # the second part is this machine's own, busy as it is


def put(key: str, value: object) -> Callable[[Shelf], None]:
    return lambda shelf: shelf.update({key: value})


def doubt(shelf: Shelf) -> float | None:
    return doubted_since(shelf, time.time())


def stores(engine: PostgresEngine, key: str, *, about: str | None = None) -> bool:
    try:
        engine.transact(put(key, 1), about=about)
    except NotStored:
        return False
    return True


def url() -> str:
    return server().url(server().new_database())


@pytest.fixture
def held() -> Iterator[Callable[[str, str], None]]:
    """Let a transaction of another machine begin: about a name, in the database of a URL."""
    connections = list[Wire]()

    def hold(where: str, name: str) -> None:
        connections.append(Wire.connect(where, autocommit=True))
        begin(trips := Trips(connections[-1]), (name,), patience=TESTS_PATIENCE, is_lasting=True)
        trips.ask(NOTHING)

    yield hold
    for connection in connections:
        connection.close()


def claim(of: Claims, fingerprint: str, **alert_fields: str) -> Verdict:
    return of.claim(alert(fingerprint=fingerprint, **alert_fields), judge, now=NOW)


def judge(history: History | None) -> Verdict:
    if history is None:
        return Verdict.ACCEPTED
    return Verdict.REPEATED if history.is_counted else Verdict.COOLDOWN


def test_claims_of_different_fingerprints_do_not_wait_for_each_other(held: Callable[[str, str], None]) -> None:
    where = url()
    here = Claims(PostgresEngine(where), keep_seconds=1e6)
    claim(here, "1:1")  # gives out the numbers of the journal, notes the release
    held(where, "1:2")

    assert claim(here, "1:3") is Verdict.ACCEPTED


def test_a_claim_waits_for_another_of_its_fingerprint_no_longer_than_it_may(held: Callable[[str, str], None]) -> None:
    where = url()
    here = Claims(PostgresEngine(where), keep_seconds=1e6)
    claim(here, "1:1")
    held(where, "1:2")
    began_at = time.monotonic()

    with pytest.raises(NotStored):
        claim(here, "1:2")
    assert time.monotonic() - began_at < LONGEST_WAIT


def test_a_request_waits_no_longer_in_all_its_transactions(held: Callable[[str, str], None], tmp_path: Path) -> None:
    where = url()
    here = SpoolingClaims(PostgresEngine(where, patience=TESTS_PATIENCE), Spool(tmp_path), keep_seconds=1e6)
    claim(here, "1:1")
    held(where, "1:2")
    began_at = time.monotonic()

    assert claim(here, "1:2") is Verdict.ACCEPTED
    assert time.monotonic() - began_at < LONGEST_WAIT
    assert here.spool.standing().count == 1


def test_one_budget_is_shared_by_all_that_is_asked_meanwhile(held: Callable[[str, str], None]) -> None:
    where = url()
    engine = PostgresEngine(where, patience=TESTS_PATIENCE)
    engine.transact(put("a", 1))
    held(where, "1:2")
    began_at = time.monotonic()

    with one_budget():
        assert [stores(engine, "alert/1:2", about="1:2") for _ in range(3)] == [False] * 3
    assert time.monotonic() - began_at < LONGEST_WAIT


def test_behind_a_loop_that_waits_long_one_request_waits_its_time_and_the_next_not_at_all(
    held: Callable[[str, str], None],
) -> None:
    where = url()
    engine = PostgresEngine(where, patience=LONG_SECONDS)
    engine.transact(put("a", 1))
    held(where, "1:2")
    loop = Thread(target=stores, args=(engine, "alert/1:2"), kwargs={"about": "1:2"})
    loop.start()

    def took() -> float:
        began_at = time.monotonic()
        with one_budget():
            assert not stores(engine, "alert/1:2", about="1:2")
        return time.monotonic() - began_at

    waits = [took() for _ in range(3)]
    assert loop.is_alive()
    assert waits[0] < LONGEST_WAIT
    assert sum(waits) < 0.4 + LONGEST_WAIT  # whichever came first
    loop.join()


def test_who_has_little_time_left_is_served_all_the_same() -> None:
    engine = PostgresEngine(url())
    engine.transact(put("a", 1))

    with one_budget(0.25):
        assert stores(engine, "b")


def test_a_thread_that_is_told_to_end_amid_its_work_holds_up_nobody() -> None:
    engine = PostgresEngine(url(), patience=TESTS_PATIENCE)
    engine.transact(put("a", 1))

    def work(_: Shelf) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.transact(work)
    assert stores(engine, "b")
    engine.close()


def test_callers_at_once_are_all_served_whoever_does_the_work() -> None:
    engine, done = PostgresEngine(url(), patience=TESTS_PATIENCE), list[bool]()
    callers = [
        Thread(target=lambda each=each: done.append(stores(engine, f"alert/{each}", about=str(each))))
        for each in range(60)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert done == [True] * 60
    assert engine.transact(lambda shelf: len(list(shelf.under("alert/")))) == 60


def test_what_changes_more_than_its_name_waits_for_all_others(held: Callable[[str, str], None]) -> None:
    where = url()
    engine = PostgresEngine(where)
    engine.transact(put("a", 1), about="1:1")
    held(where, "1:2")

    with pytest.raises(NotStored):
        engine.transact(put("b", 1), about="1:1")
    assert eventually(lambda: stores(engine, "alert/1:1", about="1:1"))


def test_what_changes_more_than_its_name_is_undone_then_done_alone() -> None:
    engine, seen = PostgresEngine(url(), patience=TESTS_PATIENCE), list[object]()

    def work(shelf: Shelf) -> None:
        seen.append(shelf.get("b"))
        shelf.update({"alert/1:1": 1, "b": 1})

    engine.transact(work, about="1:1")

    assert seen == [None, None]
    assert engine.transact(lambda shelf: (shelf["alert/1:1"], shelf["b"])) == (1, 1)


def test_what_changes_no_more_than_its_names_is_done_once(held: Callable[[str, str], None]) -> None:
    where = url()
    engine, seen = PostgresEngine(where, patience=TESTS_PATIENCE), list[object]()

    def work(shelf: Shelf) -> None:
        seen.append(shelf.get("alert/1:1"))
        shelf.update({"alert/1:1": 1, "alert/1:2": 2})

    engine.transact(put("a", 1))
    held(where, "1:3")
    engine.transact(work, about=("1:1", "1:2"))

    assert seen == [None]


def test_so_many_names_are_everything() -> None:
    engine = PostgresEngine(url(), patience=TESTS_PATIENCE)

    engine.transact(put("b", 1), about=tuple(map(str, range(MOST_NAMES + 1))))
    assert engine.peek("b") == [1]


def storm(of: Claims, *, events: range) -> set[Verdict]:
    """Send alerts of one problem, each an event of its own, within a second."""
    return {claim(of, "1:1", event=f"{event:032x}") for event in events}


def test_a_storm_waits_for_no_lock(held: Callable[[str, str], None]) -> None:
    where = url()
    of = Claims(PostgresEngine(where), keep_seconds=1e6)
    storm(of, events=range(2 * STORM))
    held(where, "1:1")

    assert storm(of, events=range(100, 110)) == {Verdict.COOLDOWN}


def test_what_another_machine_commits_amid_a_storm_counts_at_once() -> None:
    where = url()
    of, other = (Claims(PostgresEngine(where, patience=TESTS_PATIENCE), keep_seconds=1e6) for _ in range(2))
    storm(of, events=range(2 * STORM))
    claim(other, "1:1", event="e" * 32)

    assert storm(of, events=range(100, 110)) == {Verdict.COOLDOWN}
    assert claim(of, "1:1", event="e" * 32) is Verdict.REPEATED


def test_alerts_at_once_each_have_a_line_of_the_journal_and_no_more_numbers_than_they_need() -> None:
    engine = PostgresEngine(url(), patience=TESTS_PATIENCE)
    of, alerts = Claims(engine, keep_seconds=1e6), 600
    threads = [
        Thread(target=lambda first=first: [claim(of, f"1:{first + n}") for n in range(alerts // 12)])
        for first in range(0, alerts, alerts // 12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(engine.transact(lambda shelf: list(shelf.under("journal/")))) == alerts
    assert engine.transact(lambda shelf: shelf["journal"]["next"]) <= alerts + BLOCK


def test_two_machines_write_lines_of_the_journal_that_do_not_meet() -> None:
    where = url()
    machines = [Claims(PostgresEngine(where, patience=TESTS_PATIENCE), keep_seconds=1e6) for _ in range(2)]
    threads = [
        Thread(target=lambda of=of, first=first: [claim(of, f"1:{first + n}") for n in range(120)])
        for first, of in enumerate(machines, start=1000)
        for first in [first * 1000]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    engine = PostgresEngine(where, patience=TESTS_PATIENCE)
    assert len(engine.transact(lambda shelf: list(shelf.under("journal/")))) == 240


@pytest.fixture
def own_server() -> Iterator[Server]:
    """Start a server that a test may do harm to."""
    one = Server.begun()
    yield one
    one.end()


def test_a_server_that_is_frozen_costs_a_caller_no_more_than_its_patience(own_server: Server) -> None:
    engine = PostgresEngine(own_server.url("postgres"))
    engine.transact(put("a", 1))
    own_server.freeze()
    waits, go = list[float](), Event()

    def ask() -> None:
        go.wait()
        began_at = time.monotonic()
        with pytest.raises(NotStored):
            engine.transact(put("b", 1))
        waits.append(time.monotonic() - began_at)

    callers = [Thread(target=ask) for _ in range(8)]
    for caller in callers:
        caller.start()
    go.set()
    for caller in callers:
        caller.join()
    ask()

    assert len(waits) == 9
    assert max(waits) < LONGEST_WAIT
    own_server.thaw()
    assert eventually(lambda: stores(engine, "c"))


def test_a_server_that_refuses_is_asked_a_few_times_a_second_whatever_comes_in() -> None:
    tries, ends_at = list[float](), time.monotonic() + 0.5

    def refuse() -> NoReturn:
        tries.append(time.monotonic())
        raise psycopg.OperationalError("sorry, too many clients already")

    desk = Desk(Line(refuse, patience=0.4), patience=0.4)

    def ask() -> None:
        while time.monotonic() < ends_at:
            with pytest.raises(NotStored):
                desk.ask(Turn(lambda _: None, (), is_lasting=True))

    callers = [Thread(target=ask) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert min(later - earlier for earlier, later in pairwise(tries)) >= REFUSED_SECONDS


def test_a_server_that_was_started_anew_costs_no_alert(own_server: Server) -> None:
    engine = PostgresEngine(own_server.url("postgres"), patience=TESTS_PATIENCE)
    engine.transact(put("a", 1))
    own_server.stop()
    own_server.start()

    engine.transact(put("b", 2))
    assert engine.transact(lambda shelf: (shelf["a"], shelf["b"])) == (1, 2)


def test_a_worker_that_is_frozen_within_a_transaction_gives_its_locks_back() -> None:
    where = url()
    engine, reached, thawed = PostgresEngine(where, patience=TESTS_PATIENCE), Event(), Event()
    engine.transact(put("a", 1))

    def freeze(_: Shelf) -> None:
        reached.set()
        thawed.wait()

    def work() -> None:
        with pytest.raises(NotStored):
            PostgresEngine(where).transact(freeze)

    frozen = Thread(target=work)
    frozen.start()
    reached.wait()
    engine.transact(put("a", 2))
    thawed.set()
    frozen.join()

    assert engine.transact(lambda shelf: shelf["a"]) == 2


def test_what_must_last_lasts_over_a_pooler_too_whatever_the_servers_default_is() -> None:
    database = server().new_database()
    server().execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    with Wire.connect(server().url(database), autocommit=True) as connection:

        def commits(*, is_lasting: bool) -> object:
            begin(trips := Trips(connection), (), patience=TESTS_PATIENCE, is_lasting=is_lasting)
            found = trips.ask("SHOW synchronous_commit")
            trips.ask("ROLLBACK")
            return found

        assert (commits(is_lasting=True), commits(is_lasting=False)) == ([(b"on",)], [(b"off",)])
        connection.execute("SET synchronous_commit = remote_apply")
        assert commits(is_lasting=True) == [(b"remote_apply",)]


@pytest.mark.parametrize(("is_pooler", "kept"), [(False, 1), (True, 0)])
def test_the_server_keeps_plans_unless_a_pooler_may_ask_another_of_its_processes(*, is_pooler: bool, kept: int) -> None:
    database = server().new_database()
    with SwallowingProxy(server().socket, is_pooler=is_pooler) as network:
        where = f"postgresql://owner@127.0.0.1:{network.port}/{database}"
        with Wire.connect(where, autocommit=True) as connection:
            trips = Trips(connection)
            trips.keep(statement := "SELECT $1::text || 'b'")

            assert trips.ask(statement, b"a") == [(b"ab",)]
            assert connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (kept,)
        engine = PostgresEngine(where, patience=TESTS_PATIENCE)
        engine.transact(put("a", 1), about="1:1")
        assert engine.transact(lambda shelf: (shelf["a"], list(shelf.under("")))) == (1, ["a", "schema"])


def test_another_ledger_is_refused_and_nothing_is_made_there(tmp_path: Path) -> None:
    known, other = Known(tmp_path), server().new_database()
    assert stores(PostgresEngine(where := url(), patience=TESTS_PATIENCE, known=known), "a")

    for _ in range(2):
        with pytest.raises(NotStored, match="another ledger"):
            PostgresEngine(server().url(other), patience=TESTS_PATIENCE, known=known).transact(put("a", 1))
    with psycopg.connect(server().url(other)) as connection:
        assert connection.execute("SELECT to_regclass('booty_ledger')").fetchone() == (None,)
    survey = PostgresStore(server().url(other), directory=tmp_path).survey()
    assert survey.unreached is not None
    assert str(tmp_path / "database-id") in survey.unreached
    assert PostgresStore(where, directory=tmp_path).survey().unreached is None

    (tmp_path / "database-id").unlink()
    assert stores(PostgresEngine(server().url(other), patience=TESTS_PATIENCE, known=known), "a")
    assert not stores(PostgresEngine(where, patience=TESTS_PATIENCE, known=known), "a")


def test_a_look_at_another_ledger_says_so_rather_than_that_it_holds_nothing(tmp_path: Path) -> None:
    assert stores(PostgresEngine(where := url(), patience=TESTS_PATIENCE, known=Known(tmp_path)), "a")
    others = url(), url()
    assert stores(PostgresEngine(others[1], patience=TESTS_PATIENCE), "b")

    for other in others:
        with pytest.raises(NoAccess, match=r"another ledger.*remove .*database-id"):
            PostgresStore(other, directory=tmp_path).look(lambda shelf: shelf.get("a"))
    assert PostgresStore(where, directory=tmp_path).look(lambda shelf: shelf["a"]) is not None


def test_a_ledger_says_when_another_server_has_taken_over_which_may_lack_its_last_records() -> None:
    primary = Server.begun()
    standby = primary.standby()
    try:
        folders = ",".join(quote(str(each.folder), safe="") for each in (primary, standby))
        where = f"postgresql://owner@/postgres?host={folders}&target_session_attrs=read-write"
        began_at, ledgers = time.time(), [PostgresEngine(where, patience=TESTS_PATIENCE) for _ in range(3)]
        assert [each.transact(doubt, is_lasting=False) for each in ledgers[:2]] == [None, None]

        primary.stop()
        primary.start()
        assert eventually(lambda: stores(ledgers[0], "a"))
        assert ledgers[0].transact(doubt) is None

        primary.stop()
        standby.promote()
        assert eventually(lambda: stores(ledgers[0], "a"))
        found = [each.transact(doubt) for each in ledgers[::2]]
    finally:
        standby.end()
        primary.end()

    assert found[0] == found[1]
    assert began_at - DOUBT_SECONDS <= (found[0] or 0.0) <= time.time() - DOUBT_SECONDS


def test_a_server_that_does_not_say_which_it_is_raises_no_doubt() -> None:
    database = server().new_database()
    server().execute(
        "CREATE ROLE hosted LOGIN PASSWORD 'right'",
        "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC",
        "GRANT USAGE, CREATE ON SCHEMA public TO hosted",
        database=database,
    )
    where = server().url(database, user="hosted", password="right")

    for _ in range(2):
        engine = PostgresEngine(where, patience=TESTS_PATIENCE)
        assert stores(engine, "a")
        assert engine.transact(doubt) is None
        assert "server" not in engine.transact(lambda shelf: shelf["schema"])


def test_a_server_that_comes_back_may_lack_what_happened_since_this_process_saw_another(tmp_path: Path) -> None:
    known, where = Known(tmp_path), url()
    for _ in range(2):
        assert PostgresEngine(where, patience=TESTS_PATIENCE, known=known).transact(doubt) is None
    known.server = "1/00000002"

    assert PostgresEngine(where, patience=TESTS_PATIENCE, known=known).transact(doubt) is not None
    assert PostgresEngine(where, patience=TESTS_PATIENCE, known=Known(tmp_path)).transact(doubt) is not None


def test_a_table_that_was_dropped_while_it_is_used_is_not_made_anew(tmp_path: Path) -> None:
    database = server().new_database()
    engine = PostgresEngine(server().url(database), patience=TESTS_PATIENCE, known=Known(tmp_path))
    assert stores(engine, "a")
    server().execute("ALTER TABLE booty_ledger RENAME TO lost", database=database)

    assert [stores(engine, "b") for _ in range(3)] == [False] * 3
    server().execute("ALTER TABLE lost RENAME TO booty_ledger", database=database)
    assert stores(engine, "b")
    assert engine.transact(lambda shelf: shelf["a"]) == 1


GIVE_BACK = "INSERT INTO booty_ledger SELECT * FROM backup"
ANEW = "CREATE TABLE booty_ledger (key bytea PRIMARY KEY, value bytea NOT NULL)"


@pytest.fixture
def used(tmp_path: Path) -> tuple[str, PostgresEngine]:
    """Return a database whose ledger is in use, with an older backup of it, and the engine that uses it."""
    database = server().new_database()
    engine = PostgresEngine(server().url(database), patience=TESTS_PATIENCE, known=Known(tmp_path))
    assert stores(engine, "a")
    server().execute("CREATE TABLE backup AS SELECT * FROM booty_ledger", database=database)
    assert stores(engine, "b")
    return database, engine


@pytest.mark.parametrize(
    "harm",
    [
        ["TRUNCATE booty_ledger"],
        ["DELETE FROM booty_ledger"],
        ["DROP TABLE booty_ledger", ANEW],
        [f"BEGIN; DROP TABLE booty_ledger; {ANEW}; COMMIT"],
        ["""UPDATE booty_ledger SET value = '{"version": 1, "id": "another"}' WHERE key = 'schema'"""],
    ],
)
def test_a_table_that_lost_its_records_while_it_is_used_takes_nothing_until_it_has_them_again(
    used: tuple[str, PostgresEngine], harm: list[str]
) -> None:
    database, engine = used
    server().execute(*harm, database=database)

    assert [stores(engine, key, about=about) for key, about in (("c", None), ("d", "1:1"), ("e", None))] == [False] * 3
    with pytest.raises(NotStored, match="another ledger"):
        engine.transact(put("c", 1))
    server().execute("TRUNCATE booty_ledger", GIVE_BACK, database=database)
    assert stores(engine, "c")
    assert engine.transact(lambda shelf: list(shelf.under(""))) == ["a", "c", "schema"]


@pytest.mark.parametrize(
    "restore",
    [
        [f"BEGIN; TRUNCATE booty_ledger; {GIVE_BACK}; COMMIT"],
        ["BEGIN; DELETE FROM booty_ledger", GIVE_BACK, "COMMIT"],
        [f"BEGIN; DROP TABLE booty_ledger; {ANEW}; {GIVE_BACK}; COMMIT"],
        ["DROP TABLE booty_ledger", ANEW, GIVE_BACK],
    ],
)
def test_a_backup_that_is_put_into_the_table_while_it_is_used_may_lack_what_was_filed_since(
    used: tuple[str, PostgresEngine], restore: list[str]
) -> None:
    database, engine = used
    assert engine.transact(doubt) is None
    server().execute(*restore, database=database)

    first = engine.transact(doubt)
    assert first is not None
    assert engine.transact(doubt) == first
    again = PostgresEngine(server().url(database), patience=TESTS_PATIENCE)
    assert again.transact(doubt) == first


def test_a_table_that_is_only_tidied_up_goes_on_over_the_same_connection(used: tuple[str, PostgresEngine]) -> None:
    database, engine = used
    processes = (
        "SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE datname = %b AND application_name = 'booty'"
    )

    def connections() -> object:
        with psycopg.connect(server().url("postgres")) as connection:
            return connection.execute(processes.encode(), (database,)).fetchone()

    before = connections()
    server().execute(
        "VACUUM FREEZE booty_ledger", "VACUUM FULL booty_ledger", "ANALYZE booty_ledger", database=database
    )

    assert stores(engine, "c")
    assert connections() == before
    assert PostgresEngine(server().url(database), patience=TESTS_PATIENCE).transact(doubt) is None
    assert stores(engine, "d")
    assert connections() == before


def test_a_ledger_from_before_there_were_ids_is_known_from_then_on(tmp_path: Path) -> None:
    database = server().new_database()
    assert stores(PostgresEngine(server().url(database), patience=TESTS_PATIENCE), "a")
    server().execute("DELETE FROM booty_ledger WHERE key = 'schema'", database=database)

    for name in ("one", "other", "one"):
        known = Known(tmp_path / name)
        assert stores(PostgresEngine(server().url(database), patience=TESTS_PATIENCE, known=known), "a")
    assert (tmp_path / "one/database-id").read_text() == (tmp_path / "other/database-id").read_text()
    assert (tmp_path / "one/database-id").stat().st_mode & 0o777 == 0o600


def test_a_fork_leaves_its_parents_connection_alone() -> None:
    engine = PostgresEngine(url(), patience=TESTS_PATIENCE)
    engine.transact(put("a", 1))
    child = os.fork()
    if child == 0:
        engine.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0

    assert engine.transact(lambda shelf: shelf["a"]) == 1


def test_whoever_does_not_use_it_does_not_load_its_driver() -> None:
    program = "import sys, booty.observability.wiring; print('psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
