"""A database's ledger as an operator's command uses it: beside the service, over a connection of its own.

What only looks reads one snapshot of the table: it waits for nobody, and nobody for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from booty.observability.config.ledger_url import shown
from booty.observability.ledger.engines.engine import Damaged, Engine, NoAccess, Result, Work
from booty.observability.ledger.engines.ports.store import Survey
from booty.observability.ledger.engines.postgres.connection.dialling import connect
from booty.observability.ledger.engines.postgres.connection.known import Known, id_in
from booty.observability.ledger.engines.postgres.connection.opening import IN_PLACE, shelf_over
from booty.observability.ledger.engines.postgres.connection.trips import Trips
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit
from booty.observability.ledger.engines.postgres.connection.wire import Wire
from booty.observability.ledger.engines.postgres.engine import PostgresEngine
from booty.observability.ledger.engines.postgres.leaving import require_moved
from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.engines.version import known_version
from booty.observability.ledger.spool.standing import SPOOL, spooled_in

LOOK_SECONDS = 10.0
"""How long a command waits for the database."""
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
ODD = (psycopg.errors.UndefinedColumn, psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)


class PostgresStore:
    """The ledger in one database: see `Store`."""

    def __init__(self, url: str, *, directory: Path, patience: float = LOOK_SECONDS) -> None:
        """Name the database, with this machine's state directory; nothing is opened yet.

        A command waits for the database at most `patience` seconds at a time.
        """
        self._url = url
        self._directory = directory
        self._patience = patience

    def survey(self) -> Survey:
        """See `Store`."""
        spooled = self._spooled()
        try:
            with self._reading() as shelf:
                return Survey(ledger=None if shelf is None else shown(self._url), spooled=spooled)
        except NoAccess as error:
            return Survey(ledger=shown(self._url), unreached=str(error), spooled=spooled)

    def look(self, work: Work[Result]) -> Result | None:
        """See `Store`."""
        with self._reading() as shelf:
            if shelf is None:
                return None
            known_version(shelf)
            return work(shelf)

    def trace(self) -> None:
        """See `Store`."""

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """See `Store`."""
        engine = PostgresEngine(self._url, patience=self._patience, require=lambda: require_moved(self._directory))
        try:
            yield engine
        finally:
            engine.close()

    def change(self, work: Work[Result]) -> Result:
        """See `Store`."""
        with self.engine() as engine:
            return engine.transact(work)

    def _spooled(self) -> tuple[int, float | None]:
        standing = SqliteStore(self._directory / SPOOL).look(spooled_in)
        return (standing.count, standing.since) if standing else (0, None)

    @contextmanager
    def _reading(self) -> Iterator[JsonShelf | None]:
        """Lend one snapshot of the ledger that this machine uses, None where there is none yet. Raises `NoAccess`."""
        try:
            require_moved(self._directory)
            with self._connected() as wire:
                wire.execute(SNAPSHOT)
                is_there = wire.execute(IN_PLACE).fetchone() == (True,)
                shelf = shelf_over(Trips(wire)) if is_there else None
                Known(self._directory).require(None if shelf is None else id_in(shelf))
                yield shelf
        except ODD as error:
            raise Damaged(str(error).strip()) from error
        except Unfit as unfit:
            raise NoAccess(f"{shown(self._url)}: {unfit}: {unfit.remedy}") from unfit
        except psycopg.Error as error:
            raise NoAccess(f"{shown(self._url)}: {' '.join(str(error).split())}") from error

    @contextmanager
    def _connected(self) -> Iterator[Wire]:
        wire = connect(self._url, seconds=self._patience)
        try:
            wire.ends_at = time.monotonic() + self._patience
            yield wire
        finally:
            with suppress(psycopg.Error):
                wire.close()
