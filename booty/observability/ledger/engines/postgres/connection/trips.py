"""Statements that cross the network together: each round trip takes time, here as in the server.

The server does them one after the other; after one that fails it does none until the next trip. Values and results are
binary.
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

INTEGER, BYTES, BYTES_LIST = 23, 17, 1001
"""The server's numbers of the types (pg_type.dat)."""
NOTHING = "SELECT"
Value = bytes | int | Sequence[bytes]
Question = tuple[str, Sequence[Value]]
Row = tuple[bytes | None, ...]


class Trips:
    """The statements of one connection."""

    def __init__(self, wire: Wire) -> None:
        """Use the connection; nothing waits yet."""
        self._wire = wire
        self._waiting: list[Question] = []

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
            numbers, texts = zip(*map(_encoded, given), strict=True) if given else ((), ())
            formats = [Format.BINARY] * len(texts)
            pgconn.send_query_params(each.encode(), texts, numbers, formats, Format.BINARY)
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


def _encoded(value: Value) -> tuple[int, bytes]:
    if isinstance(value, bytes):
        return BYTES, value
    if isinstance(value, int):
        return INTEGER, pack("!i", value)
    return BYTES_LIST, _listed(value)


def _listed(values: Iterable[bytes]) -> bytes:
    """Return values as PostgreSQL's `array_recv` takes them: dimensions, flags, type; size, first index; each."""
    parts = [part for value in values for part in (pack("!i", len(value)), value)]
    size = len(parts) // 2
    head = pack("!iiIii", 1, 0, BYTES, size, 1) if size else pack("!iiI", 0, 0, BYTES)
    return head + b"".join(parts)
