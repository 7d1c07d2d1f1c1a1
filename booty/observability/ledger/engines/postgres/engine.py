"""The engine over PostgreSQL, for any number of processes on any number of machines.

How it keeps what the port promises
- A lasting change is on the server's disk at its commit; one that need not last is committed without waiting for that.
- Works about different names share a lock on everything and hold one on their own names, also over machines. Any other
  work holds everything; so does one that turns out to change what is not its names', when it is run again.
- Nobody waits for the database longer than `patience`: for a connection, or for a transaction. A database that is away
  costs a caller at most that twice, since whoever waited for another's transaction gets a new one.
- A table that cannot be read is refused. What was deleted is overwritten when the server's autovacuum has been there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from booty.observability.ledger.engines.engine import NotStored, Result, Shelf, Work
from booty.observability.ledger.engines.postgres.line import Line
from booty.observability.ledger.engines.postgres.locks import begin, keeps_to
from booty.observability.ledger.engines.postgres.opening import OpenLedger, Unfit
from booty.observability.ledger.engines.postgres.wire import TooSlow
from booty.observability.ledger.engines.turns import Take, Turn, Turns
from booty.observability.ledger.engines.version import NewerLedger

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.4
"""Sentry waits one second in all."""


class PostgresEngine:
    """The engine on one database."""

    def __init__(self, url: str, *, release: str | None = None, patience: float = PATIENCE_SECONDS) -> None:
        """Name the database; nothing is opened yet.

        `release` is whose records the ledger says it holds, where it says nothing yet.
        """
        self._patience = patience
        self._line = Line(url, release, patience=patience)
        self._turns = Turns(self._commit_in_time)

    def transact(
        self, work: Work[Result], *, reads: tuple[str, ...] = (), about: str | None = None, is_lasting: bool = True
    ) -> Result:
        """See `Engine`."""
        return self._turns.wait(Turn(work, reads, is_lasting, about))

    def tidy(self) -> None:
        """Only ask whether the database is there: it tidies up by itself."""
        self.transact(_nothing, is_lasting=False)

    def close(self) -> None:
        """See `Engine`."""
        with self._turns.committing:
            self._line.close()

    def free_bytes(self) -> int | None:
        """Return None: a database does not say."""
        return None

    def _commit_in_time(self, take: Take) -> None:
        turns = take()
        names = frozenset(turn.about for turn in turns if turn.about is not None)
        is_alone = any(turn.about is None for turn in turns)
        try:
            with _not_stored():
                if is_alone or not self._commit(turns, names):
                    self._commit(turns, frozenset())
        except NotStored as error:
            log.error("not_stored", extra={"reason": str(error)})  # noqa: TRY400 - no bug of ours, no traceback
            raise

    def _commit(self, turns: list[Turn[Any]], names: frozenset[str]) -> bool:
        """Do the work about `names`, or about everything; return False, with nothing done, if it was about more."""
        opened = self._begun(names, is_lasting=any(turn.is_lasting for turn in turns))
        shelf, changed = opened.shelf, opened.entries.changed
        changed.clear()
        try:
            shelf.read_ahead(key for turn in turns for key in turn.reads)
            results = [turn.work(shelf) for turn in turns]
            shelf.sync()
            is_within = not names or keeps_to(names, changed)
            opened.wire.execute("COMMIT" if is_within else "ROLLBACK")
        except BaseException:
            shelf.discard()
            _undo(opened)
            raise
        if is_within:
            for turn, result in zip(turns, results, strict=True):
                turn.results.append(result)
        return is_within

    def _begun(self, names: frozenset[str], *, is_lasting: bool) -> OpenLedger:
        """Begin on the connection there is, or on a new one when the server has closed that."""
        opened = self._line.opened()
        ends_at = time.monotonic() + self._patience
        statements = begin(names, patience=self._patience, is_lasting=is_lasting)
        try:
            return _begin(opened, statements, ends_at)
        except TooSlow:
            raise
        except psycopg.OperationalError:
            if not opened.wire.closed:
                raise
            return _begin(self._line.opened(), statements, ends_at)


def _begin(opened: OpenLedger, statements: str, ends_at: float) -> OpenLedger:
    opened.wire.ends_at = ends_at
    try:
        opened.wire.execute(statements)
    except psycopg.Error:
        _undo(opened)
        raise
    return opened


def _undo(opened: OpenLedger) -> None:
    """Undo a transaction; the server does it where the connection no longer can."""
    with suppress(psycopg.Error):
        opened.wire.execute("ROLLBACK")


def _nothing(_: Shelf) -> None:
    """Do no work."""


@contextmanager
def _not_stored() -> Iterator[None]:
    """Translate the faults of a database. Raises `NotStored`."""
    try:
        yield
    except (psycopg.Error, NewerLedger, Unfit) as error:
        raise NotStored(str(error).strip()) from error
