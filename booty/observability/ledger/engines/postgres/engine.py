"""The engine over PostgreSQL, for any number of processes on any number of machines.

How it keeps what the port promises
- A lasting change is on the server's disk at its commit; one that need not last is committed without waiting for that.
- Works about different names share a lock on everything and hold one on their own names, also over machines. Any other
  work holds everything; so does one that turns out to change what is not its names', when it is run again.
- Nobody waits for the database longer than `patience`, a request not in all its transactions (`budget`), and nobody but
  a thread of the engine's own opens a connection. While the database hangs, nobody waits for it at all.
- A table that cannot be read is refused. What was deleted is overwritten when the server's autovacuum has been there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from booty.observability.ledger.engines.engine import About, NotStored, Ranges, Result, Shelf, Work
from booty.observability.ledger.engines.postgres.budget import PATIENCE_SECONDS
from booty.observability.ledger.engines.postgres.connection.known import Known
from booty.observability.ledger.engines.postgres.connection.opening import open_ledger
from booty.observability.ledger.engines.postgres.desk import Desk
from booty.observability.ledger.engines.postgres.line import Line
from booty.observability.ledger.engines.postgres.looks import Look, Seen
from booty.observability.ledger.engines.turns import Turn


class PostgresEngine:
    """The engine on one database."""

    def __init__(
        self,
        url: str,
        *,
        release: str | None = None,
        patience: float = PATIENCE_SECONDS,
        require: Callable[[], None] = lambda: None,
        known: Known | None = None,
    ) -> None:
        """Name the database; nothing is opened yet.

        `release` is whose records the ledger says it holds, where it says nothing yet. `require` is called before a
        connection is opened; it may raise `Unfit`. Another ledger than the one that is `known` is refused.
        """

        def new() -> Desk:
            opening = partial(open_ledger, url, release, require=require, known=known)
            return Desk(Line(opening, patience=min(patience, PATIENCE_SECONDS)), patience=patience)

        self._new = new
        self._desk, self._pid = new(), os.getpid()
        self._inherited: list[Desk] = []
        self._seen = Seen()

    def transact(
        self,
        work: Work[Result],
        *,
        reads: tuple[str, ...] = (),
        ranges: Ranges = (),
        about: About = None,
        is_lasting: bool = True,
    ) -> Result:
        """See `Engine`."""
        return self._own().ask(Turn(work, reads, is_lasting, about, ranges))

    def peek(self, *keys: str) -> list[Any] | None:
        """See `Engine`; a call over the network, but one for all that look at once, and it waits for no lock."""
        try:
            found = self._own().ask(Look(keys))
        except NotStored:
            return None
        return [self._seen.value(key, stored) for key, stored in zip(keys, found, strict=True)]

    def tidy(self) -> None:
        """Only ask whether the database is there: it tidies up by itself."""
        self.transact(_nothing, about="", is_lasting=False)

    def close(self) -> None:
        """See `Engine`."""
        self._own().close()

    def free_bytes(self) -> int | None:
        """Return None: a database does not say."""
        return None

    def _own(self) -> Desk:
        """Return this process's; a parent's is not used, and not closed either: that would end its connection."""
        if self._pid != os.getpid():
            self._inherited.append(self._desk)
            self._desk, self._pid = self._new(), os.getpid()
        return self._desk


def _nothing(_: Shelf) -> None:
    """Do no work."""
