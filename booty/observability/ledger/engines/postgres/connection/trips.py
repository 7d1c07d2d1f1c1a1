"""Statements that cross the network together: each round trip takes time, here as in the server.

The server does them one after the other; after one that fails it does none until the next trip. Values and results are
binary. To read and plan them takes a third of a claim's time in the server, so that it may be told to keep some.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import pack

import psycopg
from psycopg.abc import PQGen
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from booty.observability.ledger.engines.postgres.connection.wire import Wire

BYTES = 17
"""The server's number of the type (pg_type.dat)."""
NOTHING = "SELECT"
PROCESS = "SELECT pg_backend_pid()::text"
ONLY_BY_INDEX = "SET enable_seqscan = off", "SET enable_bitmapscan = off", "SET enable_sort = off"
"""A plan that is kept outlives the small table that it was made for."""
KEPT = "SET plan_cache_mode = force_generic_plan"
Value = bytes | int | Sequence[bytes]
Question = tuple[str, Sequence[Value]]
Row = tuple[bytes | None, ...]


class Trips:
    """The statements of one connection."""

    def __init__(self, wire: Wire) -> None:
        """Use the connection; nothing waits yet."""
        self._wire = wire
        self._waiting: list[Question] = []
        self._kept: dict[str, bytes] = {}

    def keep(self, *statements: str) -> None:
        """Have the server keep their plans. Raises `psycopg.Error`.

        Not behind a pooler, where another process of the server may be asked next: it gives a number of its own for it.
        """
        ((process,),) = self.ask(PROCESS)
        if process == str(self._wire.pgconn.backend_pid).encode():
            names = {statement: f"booty_{number}" for number, statement in enumerate(statements)}
            self.say(*ONLY_BY_INDEX, KEPT, *(f"PREPARE {name} AS {statement}" for statement, name in names.items()))
            self.ask(NOTHING)
            self._kept = {statement: name.encode() for statement, name in names.items()}

    def say(self, *statements: str, values: Sequence[Value] = ()) -> None:
        """Have them done with what is asked next; `$1` in one stands for the first value."""
        self._waiting += [(statement, values) for statement in statements]

    def ask(self, statement: str, *values: Value) -> list[Row]:
        """Do what waits, then this; return its rows. Raises `psycopg.Error`; the rest was not done then."""
        return self.ask_all((statement, values))[0]

    def ask_all(self, *questions: Question) -> list[list[Row]]:
        """Do what waits, then these statements, each with its values; return the rows of each. Raises as `ask`."""
        waiting, self._waiting = [*self._waiting, *questions], []
        pgconn = self._wire.pgconn
        pgconn.enter_pipeline_mode()
        for each, given in waiting:
            values, formats = [_encoded(value) for value in given], [Format.BINARY] * len(given)
            if (name := self._kept.get(each)) is None:
                pgconn.send_query_params(each.encode(), values, None, formats, Format.BINARY)
            else:
                pgconn.send_query_prepared(name, values, formats, Format.BINARY)
        pgconn.pipeline_sync()
        results = self._wire.wait(_fetched(pgconn, len(waiting)))
        pgconn.exit_pipeline_mode()
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise psycopg.errors.error_from_result(result, self._wire.info.encoding)
        return [_rows(result) for result in results[-len(questions) :]]

    def forget(self) -> None:
        """Do nothing of what waits."""
        self._waiting.clear()


def _rows(result: PGresult) -> list[Row]:
    return [tuple(result.get_value(row, each) for each in range(result.nfields)) for row in range(result.ntuples)]


def _fetched(pgconn: PGconn, number: int) -> PQGen[list[PGresult]]:
    yield from send(pgconn)
    results: list[PGresult] = []
    for _ in range(number):
        results += yield from fetch_many(pgconn)
    yield from fetch_many(pgconn)  # that the server has come to the end
    return results


def _encoded(value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    return pack("!i", value) if isinstance(value, int) else _listed(value)


def _listed(values: Iterable[bytes]) -> bytes:
    """Return values as PostgreSQL's `array_recv` takes them: dimensions, flags, type; size, first index; each."""
    parts = [part for value in values for part in (pack("!i", len(value)), value)]
    size = len(parts) // 2
    head = pack("!iiIii", 1, 0, BYTES, size, 1) if size else pack("!iiI", 0, 0, BYTES)
    return head + b"".join(parts)
