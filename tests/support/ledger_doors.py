"""One ledger in a directory, by all of its doors."""

from __future__ import annotations

from pathlib import Path

from booty.observability.ledger.claims import Claims
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.findings import Refused
from booty.observability.ledger.inspection import Inspection
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.jobs import Stop

KEEP_SECONDS = 30 * 24 * 3600.0


class Ledger:
    """The doors over one engine, as a process of the service has them, with what the operator sees at the moment."""

    def __init__(
        self,
        directory: Path,
        *,
        engine: Engine | None = None,
        keep_seconds: float = KEEP_SECONDS,
        repository: str = "",
    ) -> None:
        self.engine: Engine = engine or SqliteEngine(directory)
        self.claims = Claims(self.engine, keep_seconds=keep_seconds, repository=repository)
        self.queue = Queue(self.engine, keep_seconds=keep_seconds, home=Home(repository))
        self.closings = ClosingBook(self.engine, home=Home(repository))
        self.inspection = Inspection(SqliteStore(directory))

    @property
    def owed(self) -> int:
        """How many jobs are owed."""
        return self.inspection.look(now=0.0).owed

    @property
    def refused(self) -> tuple[Refused, ...]:
        """What was refused."""
        return self.inspection.look(now=0.0).refused

    @property
    def stop(self) -> Stop | None:
        """The stop that is in force."""
        return self.inspection.look(now=0.0).stop
