"""Two receivers, two workers each, that share one ledger in a real PostgreSQL; a GitHub that counts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPException
from itertools import pairwise
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest
from support.fault_stories import LONGEST, filed
from support.github_stand_in import GitHubStandIn
from support.older_release import FIRST_SHARED, unpack
from support.postgres import Server
from support.sentry_events import PROJECT
from support.service import ROOT, Answer, Service, eventually
from support.swallowing_proxy import SwallowingProxy
from support.webhook import alert_body

from booty.observability.ledger.engines.postgres.store import PostgresStore

SPACING_SECONDS = 1.0


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    server = Server.begun()
    yield server
    server.end()


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def url(database: Server) -> str:
    return database.url(database.new_database())


@pytest.fixture
def receivers(github: GitHubStandIn, url: str, tmp_path: Path) -> Iterator[tuple[Service, Service]]:
    """Start two machines, as far as they can tell; each has a disk of its own."""
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(Service(tmp_path / name, github.environ | {"BOOTY_LEDGER_URL": url}))
            for name in ("first", "second")
        )
        yield first, second


LONGEST_ANSWER = 1.0
"""Seconds that Sentry waits."""


def alert(number: int) -> bytes:
    return alert_body(issue_id=str(number), event_id=f"{number:032x}", title=f"Boom {number}")


def answers(receivers: tuple[Service, Service], numbers: Iterable[int]) -> list[tuple[int, float]]:
    """Post the alerts at once, to one receiver after the other; return the statuses, and how many seconds each took."""

    def post(number: int) -> tuple[int, float]:
        began = time.monotonic()
        return receivers[number % 2].post(alert(number)).status, time.monotonic() - began

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(post, numbers))


def health(receiver: Service, *, is_away: bool) -> Answer:
    """Return what it says once it has noticed whether the database is away: it believes itself for a second."""
    seen: list[Answer] = []

    def is_noticed() -> bool:
        seen.append(receiver.get("/health"))
        return ("ledger" in seen[-1].content) is is_away

    assert eventually(is_noticed)
    return seen[-1]


def are_filed(github: GitHubStandIn, numbers: range) -> bool:
    return set(filed(github.issues)) >= {f"{PROJECT}:{number}" for number in numbers}


def run(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside a receiver."""
    return subprocess.run(
        [sys.executable, "-m", "booty", *arguments],
        cwd=ROOT,
        env=service.environ | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_alert_that_reaches_both_receivers_four_hundred_times_at_once_becomes_one_issue(
    receivers: tuple[Service, Service], github: GitHubStandIn
) -> None:
    with ThreadPoolExecutor(400) as pool:
        answers = list(pool.map(lambda number: receivers[number % 2].post(alert(1)), range(400)))
    assert {answer.status for answer in answers} <= {200, 202}
    assert eventually(lambda: len(github.issues) == 1)

    for receiver in receivers:
        assert receiver.get("/health").content["status"] == "ok"
    assert len(github.posts()) == 1


def test_a_second_lies_between_two_writes_to_github_over_both_receivers(
    receivers: tuple[Service, Service], github: GitHubStandIn
) -> None:
    for number in range(4):
        receivers[number % 2].post(alert(number))
    assert eventually(lambda: len(github.issues) == 4)

    began = sorted(call.at for call in github.posts())
    assert min(later - earlier for earlier, later in pairwise(began)) >= SPACING_SECONDS
    assert set(filed(github.issues).values()) == {1}


def test_the_operator_sees_the_shared_ledger_from_either_machine(
    receivers: tuple[Service, Service], github: GitHubStandIn
) -> None:
    receivers[0].post(alert(7))
    assert eventually(lambda: len(github.issues) == 1)
    second = receivers[1]

    assert eventually(lambda: run(second, "status").stdout.startswith("0 owed, 0 refused\n"))
    assert "postgresql://" in run(second, "status", "--json").stdout
    assert "filed" in run(second, "why", f"{PROJECT}:7").stdout
    assert run(second, "log").returncode == 0
    doctor = run(second, "doctor", "--offline")
    assert "warn  database         a power cut may cost what it has stored" in doctor.stdout
    assert not list(second.state.glob("ledger-*"))


@pytest.fixture
def own_database() -> Iterator[Server]:
    """Start a server that a test may do harm to."""
    server = Server.begun()
    yield server
    server.end()


def while_away(
    receivers: tuple[Service, Service], github: GitHubStandIn, numbers: range, *, back: Callable[[], None]
) -> None:
    """Expect alerts to be acknowledged while the database is away, and each to be filed once when it is `back`."""
    began_at = time.time()
    told = answers(receivers, [*numbers] * 8)

    assert {status for status, _ in told} == {202}
    assert max(took for _, took in told) < LONGEST_ANSWER
    seen = [health(receiver, is_away=True) for receiver in receivers]
    assert {(each.status, each.content["ledger"]) for each in seen} == {(200, "away")}
    assert "alerts wait on this machine's disk" in str(seen[0].content["detail"])
    assert sum(int(str(each.content["spooled"])) for each in seen) == len(numbers) * 8
    status = run(receivers[0], "status")
    assert status.returncode == 69
    assert "wait on this machine's disk for the ledger's database since" in status.stdout
    assert (
        f'"is_ledger_reached": false, "spooled": {seen[0].content["spooled"]}'
        in run(receivers[0], "status", "--json").stdout
    )
    back()
    assert eventually(lambda: are_filed(github, numbers))
    assert eventually(
        lambda: "spooled" not in receivers[0].get("/health").content | receivers[1].get("/health").content
    )
    assert set(filed(github.issues).values()) == {1}
    store = PostgresStore(receivers[0].environ["BOOTY_LEDGER_URL"], directory=receivers[0].state)
    record = store.look(lambda shelf: shelf[f"alert/{PROJECT}:{numbers[0]}"])
    assert record is not None
    assert began_at <= record["claimed_at"] <= began_at + 2
    assert record["count"] == 1


@contextmanager
def pair(url: str, github: GitHubStandIn, folder: Path) -> Iterator[tuple[Service, Service]]:
    """Start two machines on the database at `url`, and see that it is reached."""
    environ = github.environ | {"BOOTY_LEDGER_URL": url}
    with Service(folder / "first", environ) as first, Service(folder / "second", environ) as second:
        assert eventually(lambda: not any("ledger" in one.get("/health").content for one in (first, second)))
        yield first, second


def test_alerts_wait_on_disk_while_the_database_is_dead(
    own_database: Server, github: GitHubStandIn, tmp_path: Path
) -> None:
    with pair(own_database.url("postgres"), github, tmp_path) as receivers:
        own_database.stop()

        while_away(receivers, github, range(3), back=own_database.start)


def test_alerts_wait_on_disk_while_the_database_is_frozen(
    own_database: Server, github: GitHubStandIn, tmp_path: Path
) -> None:
    with pair(own_database.url("postgres"), github, tmp_path) as receivers:
        own_database.freeze()

        while_away(receivers, github, range(3), back=own_database.thaw)


def test_alerts_wait_on_disk_while_the_network_swallows_what_is_sent_to_the_database(
    own_database: Server, github: GitHubStandIn, tmp_path: Path
) -> None:
    with SwallowingProxy(own_database.socket) as proxy:
        url = f"postgresql://owner@127.0.0.1:{proxy.port}/postgres"
        with pair(url, github, tmp_path) as receivers:
            proxy.swallow()

            while_away(receivers, github, range(3), back=proxy.forward)


@pytest.mark.parametrize("seconds", [0.02, 0.05, 0.08])
def test_a_database_that_is_far_holds_up_no_delivery(
    database: Server, github: GitHubStandIn, tmp_path: Path, seconds: float
) -> None:
    with SwallowingProxy(database.socket, seconds=seconds) as proxy:
        url = f"postgresql://owner@127.0.0.1:{proxy.port}/{database.new_database()}"
        with pair(url, github, tmp_path) as receivers:
            told = answers(receivers, range(6))
            assert max(took for _, took in told) < LONGEST_ANSWER
            assert {status for status, _ in told} == {202}
            assert eventually(lambda: are_filed(github, range(6)))

    assert set(filed(github.issues).values()) == {1}


def test_alerts_wait_on_disk_until_a_standby_has_taken_over(
    own_database: Server, github: GitHubStandIn, tmp_path: Path
) -> None:
    standby = own_database.standby()
    try:
        folders = ",".join(quote(str(each.folder), safe="") for each in (own_database, standby))
        url = f"postgresql://owner@/postgres?host={folders}&target_session_attrs=read-write"
        with pair(url, github, tmp_path) as receivers:
            answers(receivers, range(10, 12))
            own_database.stop()

            while_away(receivers, github, range(3), back=standby.promote)
            assert eventually(lambda: are_filed(github, range(10, 12)))
    finally:
        standby.end()


def test_alerts_wait_on_disk_until_a_table_that_was_emptied_has_its_records_again(
    own_database: Server, github: GitHubStandIn, tmp_path: Path
) -> None:
    with pair(own_database.url("postgres"), github, tmp_path) as receivers:
        answers(receivers, range(10, 12))
        assert eventually(lambda: are_filed(github, range(10, 12)))
        own_database.execute("CREATE TABLE backup AS SELECT * FROM booty_ledger")
        answers(receivers, range(12, 14))
        assert eventually(lambda: are_filed(github, range(12, 14)))
        own_database.execute("TRUNCATE booty_ledger")

        restore = "INSERT INTO booty_ledger SELECT * FROM backup"
        while_away(receivers, github, range(3), back=lambda: own_database.execute(restore))
        assert {"another ledger" in str(each["reason"]) for each in receivers[0].events("not_stored")[-1:]} == {True}
        answers(receivers, range(10, 14))  # two of which the backup lacks
        assert eventually(lambda: run(receivers[0], "status").stdout.startswith("0 owed"))
        assert set(filed(github.issues).values()) == {1}


def test_alerts_wait_on_disk_until_the_clocks_of_machine_and_database_agree(
    own_database: Server, github: GitHubStandIn, tmp_path: Path
) -> None:
    clock = "CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
    own_database.execute(
        f"{clock} $$ SELECT pg_catalog.clock_timestamp() + interval '200 s' $$",
        "ALTER ROLE owner SET search_path = public, pg_catalog",
    )
    environ = github.environ | {"BOOTY_LEDGER_URL": own_database.url("postgres")}
    with Service(tmp_path / "first", environ) as first, Service(tmp_path / "second", environ) as second:
        assert (
            first.events("ledger_away_at_start")[0]["reason"]
            == "this machine's clock is 200 s away from the database's"
        )

        told = answers((first, second), [*range(3)] * 8)
        assert {status for status, _ in told} == {202}
        assert max(took for _, took in told) < LONGEST_ANSWER
        seen = [health(receiver, is_away=True) for receiver in (first, second)]
        assert sum(int(str(each.content["spooled"])) for each in seen) == 24
        assert "200 s away" in str(first.events("not_stored")[0]["reason"])
        assert github.issues == []

        own_database.execute(f"{clock} $$ SELECT pg_catalog.clock_timestamp() $$")
        assert eventually(lambda: are_filed(github, range(3)))
        assert eventually(lambda: "spooled" not in first.get("/health").content | second.get("/health").content)
        assert set(filed(github.issues).values()) == {1}


def stopped_for(process: int, seconds: float) -> None:
    """Let a process stand still for a while."""
    os.kill(process, signal.SIGSTOP)
    Event().wait(seconds)
    os.kill(process, signal.SIGCONT)


def done(steps: list[Callable[[], object]]) -> None:
    for step in steps:
        step()


def test_whatever_is_killed_or_frozen_each_alert_that_was_acknowledged_is_filed_once(
    own_database: Server, github: GitHubStandIn, tmp_path: Path
) -> None:
    with pair(own_database.url("postgres"), github, tmp_path) as (first, second):
        faults: list[list[Callable[[], object]]] = [
            [lambda: first.kill_worker(first.workers()[0])],
            [lambda: stopped_for(second.workers()[0], 2.5)],
            [own_database.kill_a_backend],
            [own_database.freeze, lambda: Event().wait(2), own_database.thaw],
            [own_database.stop, own_database.start],
            [first.kill, first.start],
        ]
        acknowledged, late = set[int](), list[tuple[int, float]]()

        def send(number: int, receiver: Service, *, is_harmed: bool) -> None:
            began = time.monotonic()
            with suppress(OSError, HTTPException):
                if receiver.post(alert(number)).status in {200, 202} and time.monotonic() - began < LONGEST_ANSWER:
                    acknowledged.add(number)
            if time.monotonic() - began >= LONGEST_ANSWER and not is_harmed:
                late.append((number, time.monotonic() - began))

        for number, fault in enumerate(faults):
            harmed = {1: second, 5: first}.get(number)
            with ThreadPoolExecutor(8) as pool:
                for each in (2 * number, 2 * number + 1):
                    for receiver in (first, second):  # as two alert rules would
                        pool.submit(send, each, receiver, is_harmed=receiver is harmed)
                done(fault)  # in this thread: a server ends with the one that started it

        assert late == []
        assert acknowledged == set(range(2 * len(faults)))
        wanted = {f"{PROJECT}:{number}" for number in acknowledged}
        assert eventually(lambda: set(filed(github.issues)) >= wanted, within=LONGEST)
        assert set(filed(github.issues).values()) == {1}
        began = sorted(call.at for call in github.posts())
        assert min(later - earlier for earlier, later in pairwise(began)) >= SPACING_SECONDS - 0.05


def test_two_releases_at_once_on_one_database_file_each_alert_once(
    url: str, github: GitHubStandIn, tmp_path: Path
) -> None:
    older = unpack(tmp_path / "older", commit=FIRST_SHARED)
    environ = github.environ | {"BOOTY_LEDGER_URL": url}
    before = Service(tmp_path / "first", environ | {"PYTHONPATH": str(older)})
    before.folder = older
    with before, Service(tmp_path / "second", environ) as after:
        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(lambda each: (before, after)[each % 2].post(alert(each // 4)).status, range(16)))
        assert set(told) <= {200, 202}
        assert eventually(lambda: are_filed(github, range(4)))
        before.post(alert(7))
        before.kill()
        assert eventually(lambda: are_filed(github, range(7, 8)), within=LONGEST)

        assert set(filed(github.issues).values()) == {1}
        # The older one may have been killed between GitHub's answer to the first and its record of that.
        assert eventually(lambda: "filed as #" in run(after, "why", f"{PROJECT}:0").stdout, within=LONGEST)
