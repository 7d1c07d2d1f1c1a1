"""How often one transaction asks for something: with a database each time crosses a network, and it has 0.4 s."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Any

import pytest
from support.ledger_steps import HOUR, NOW, alert

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import Result, Shelf, Work
from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.sqlite_entries import SCHEMA, SqliteEntries
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.repositories.home import UNNAMED
from booty.observability.ledger.schedule.due import owe, take_back
from booty.observability.ledger.schedule.gates import ONE_TOKEN
from booty.observability.ledger.schedule.jobs import FilingJob, Idle
from booty.observability.ledger.schedule.leases import take_due
from booty.observability.ledger.storm.book import StormBook
from booty.observability.ledger.storm.turns import DigestTurn

LIMIT = StormLimit(3, 600.0)
MOST = 80
"""Statements: at five milliseconds each, which is slow, there is no time for more."""


class CountingEngine:
    """An engine in memory that counts the statements of its last transaction."""

    def __init__(self) -> None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute(SCHEMA)
        self._shelf = JsonShelf(SqliteEntries(connection))
        self.statements: list[str] = []
        connection.set_trace_callback(self.statements.append)

    def transact(self, work: Work[Result], *, reads: tuple[str, ...] = (), **_: Any) -> Result:  # noqa: ANN401 - the port's others
        """See `Engine`."""
        self.statements.clear()
        self._shelf.read_ahead(reads)
        result = work(self._shelf)
        self._shelf.sync()
        return result

    def peek(self, *_: str) -> None:
        """See `Engine`."""

    def tidy(self) -> None:
        """See `Engine`."""

    def close(self) -> None:
        """See `Engine`."""

    def free_bytes(self) -> None:
        """See `Engine`."""


@pytest.fixture
def engine() -> CountingEngine:
    """Return a ledger that owes 60 alerts."""
    engine = CountingEngine()
    claims = Claims(engine, keep_seconds=1e6)
    for number in range(60):
        claims.claim(alert(f"1:{number}", f"{number:032x}"), lambda _: Verdict.ACCEPTED, now=NOW)
    return engine


def test_what_was_read_is_not_read_again(engine: CountingEngine) -> None:
    engine.transact(lambda shelf: [("a" in shelf, shelf.get("a"), shelf.pop("a", None)) for _ in range(3)])

    assert len([each for each in engine.statements if each.startswith("SELECT")]) == 1


def test_a_backlog_whose_time_has_come_is_put_in_line_together(engine: CountingEngine) -> None:
    def later(shelf: Shelf, name: str) -> None:
        owe(shelf, name, take_back(shelf, name) or {}, due_at=NOW + 9)

    for number in range(60):
        engine.transact(partial(later, name=f"1:{number}"))
    take = partial(take_due, now=NOW + 10, gates_of=ONE_TOKEN, home=UNNAMED)

    assert isinstance(engine.transact(take), Idle)  # claims may come in between
    assert len(engine.statements) < MOST
    assert isinstance(engine.transact(take), FilingJob)
    assert len(engine.statements) < MOST


def test_a_storm_goes_into_its_digest_bit_by_bit(engine: CountingEngine) -> None:
    queue, now, asked = Queue(engine, keep_seconds=1e6), NOW, 0
    while not isinstance(taken := queue.take(now=now, gates_of=ONE_TOKEN, storm=LIMIT), Idle) or taken.until == now:
        asked = max(asked, len(engine.statements))
        if isinstance(taken, FilingJob):
            queue.settle(taken, IssueRef(1, "https://github.com/acme/shop/issues/1"), now=now)
            now += SPACING_SECONDS

    assert asked < MOST
    turn = StormBook(engine, LIMIT).take_turn(now=now + HOUR)
    assert isinstance(turn, DigestTurn)
    assert turn.digest.total == 60 - LIMIT.most
    assert len(engine.statements) < MOST
