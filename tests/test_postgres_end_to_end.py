"""Two receivers, two workers each, that share one ledger in a real PostgreSQL; a GitHub that counts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from support.fault_stories import filed
from support.github_stand_in import GitHubStandIn
from support.postgres import Server
from support.service import ROOT, Service, eventually
from support.webhook import alert_body

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


def alert(number: int) -> bytes:
    return alert_body(issue_id=str(number), event_id=f"{number:032x}", title=f"Boom {number}")


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


def test_an_alert_that_reaches_both_receivers_many_times_at_once_becomes_one_issue(
    receivers: tuple[Service, Service], github: GitHubStandIn
) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: receivers[number % 2].post(alert(1)), range(64)))
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
    assert "filed" in run(second, "why", "1:7").stdout
    assert run(second, "log").returncode == 0
    doctor = run(second, "doctor", "--offline")
    assert "warn  database         a power cut may cost what it has stored" in doctor.stdout
    assert not list(second.state.glob("ledger-*"))
