"""The engines that the ledger can have, each in a place of its own that a test can do harm to."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from support.postgres import server

from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.engines.ledger_file import newest_ledger
from booty.observability.ledger.engines.postgres.engine import PostgresEngine
from booty.observability.ledger.engines.sqlite import SqliteEngine

LITTLE_ROOM = 100_000
"""Bytes."""


class Place(Protocol):
    """One store, and what may happen to it."""

    def engine(self, *, release: str | None = None) -> Engine:
        """Return one more engine on the store, as another process or release makes it."""

    def spoil(self) -> None:
        """Make what is stored unreadable, while nobody has it open."""

    def take_away(self) -> None:
        """Make the store impossible to reach."""

    def give_back(self) -> None:
        """Let it be reached again, with all that it held."""

    def limit_room(self) -> None:
        """Let this process run out of room soon."""

    def make_room(self) -> None:
        """Let this process have room again."""


class SqlitePlace:
    """A directory for the SQLite file.

    No engine is thrown away before its test is over: SQLite's locks belong to a process, and a fork inherits what it
    believes to hold, so that a collected connection would take the file from under a forked process.
    """

    def __init__(self, directory: Path) -> None:
        self._engines: list[Engine] = []
        self._directory = directory / "state"
        self._elsewhere = directory / "elsewhere"

    def engine(self, *, release: str | None = None) -> Engine:
        """See `Place`."""
        self._engines.append(SqliteEngine(self._directory, release=release))
        return self._engines[-1]

    def spoil(self) -> None:
        """See `Place`."""
        file = newest_ledger(self._directory)
        assert file is not None
        file.write_bytes(os.urandom(70_000))

    def take_away(self) -> None:
        """See `Place`."""
        self._directory.rename(self._elsewhere)
        self._directory.write_text("not a directory")

    def give_back(self) -> None:
        """See `Place`."""
        self._directory.unlink()
        self._elsewhere.rename(self._directory)

    def limit_room(self) -> None:
        """See `Place`."""
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LITTLE_ROOM, resource.RLIM_INFINITY))

    def make_room(self) -> None:
        """See `Place`."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


TESTS_PATIENCE = 20.0
"""Seconds that a test on a busy machine waits for the database."""


class PostgresPlace:
    """A database of the run's server."""

    def __init__(self, _: Path) -> None:
        self._server = server()
        self.database = self._server.new_database()

    def engine(self, *, release: str | None = None) -> Engine:
        """See `Place`."""
        return PostgresEngine(self._server.url(self.database), release=release, patience=TESTS_PATIENCE)

    def spoil(self) -> None:
        """See `Place`."""
        self._do("ALTER TABLE booty_ledger RENAME COLUMN value TO another")

    def take_away(self) -> None:
        """See `Place`."""
        self._server.execute(
            f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS false",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.database}'",  # noqa: S608 - a name of ours
        )

    def give_back(self) -> None:
        """See `Place`."""
        self._server.execute(f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS true")

    def limit_room(self) -> None:
        """See `Place`; the server says what it says of a full disk, since a real one would stop it for all tests."""
        self._do(
            "CREATE TABLE IF NOT EXISTS booty_ledger (key bytea PRIMARY KEY, value bytea NOT NULL)",
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF pg_relation_size('booty_ledger') > {LITTLE_ROOM // 2} THEN"
            " RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full';"
            " END IF; RETURN NEW; END $$",
            "CREATE TRIGGER room BEFORE INSERT OR UPDATE ON booty_ledger FOR EACH ROW EXECUTE FUNCTION full_disk()",
        )

    def make_room(self) -> None:
        """See `Place`."""
        self._do("DROP TRIGGER room ON booty_ledger", "DROP FUNCTION full_disk")

    def _do(self, *statements: str) -> None:
        self._server.execute(*statements, database=self.database)


ENGINES: Mapping[str, Callable[[Path], Place]] = {"sqlite": SqlitePlace, "postgres": PostgresPlace}
