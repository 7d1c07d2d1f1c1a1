"""The first engine: a SQLite file behind a file lock.

How it keeps what the port promises
- A lasting change is on disk at its commit (WAL mode, synchronous=FULL). One that need not last is written likewise,
  but not synced (synchronous=NORMAL), see https://sqlite.org/pragma.html#pragma_synchronous.
- An unreadable file is set aside, and a new one takes over.
- What was deleted is overwritten, in the file at once, in the write-ahead log with the next `tidy`.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from booty.observability.config import state_directory
from booty.observability.ledger.engines.engine import About, NotStored, Ranges, Result, Work
from booty.observability.ledger.engines.ledger_file import locked, path_in, set_aside
from booty.observability.ledger.engines.looks.glimpse import Glimpse
from booty.observability.ledger.engines.open_ledger import LASTING, PASSING, OpenLedger, is_unreadable, open_ledger
from booty.observability.ledger.engines.turns import Take, Turn, Turns
from booty.observability.ledger.engines.version import NewerLedger

log = logging.getLogger(__name__)

FAULTS = (sqlite3.Error, OSError, NewerLedger)


class SqliteEngine:
    """The engine in one directory."""

    def __init__(self, directory: Path, *, release: str | None = None) -> None:
        """Name the directory; it is made, mode 0700, with the first transaction.

        `release` is whose records the ledger says it holds, where it says nothing yet.
        """
        self.directory = directory
        self._release = release
        self._turns = Turns(self._commit_locked)
        self._glimpse = Glimpse()
        self._open: OpenLedger | None = None
        self._abandoned: list[OpenLedger] = []

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
        del ranges  # no question crosses a network
        return self._turns.wait(Turn(work, reads, is_lasting, about))

    def peek(self, *keys: str) -> list[Any] | None:
        """See `Engine`."""
        opened = self._open
        try:
            return self._glimpse.look(opened.file, keys) if opened is not None else None
        except (sqlite3.Error, OSError, ValueError):
            return None

    def tidy(self) -> None:
        """Empty the write-ahead log into the file; while somebody else reads the file, nothing happens."""
        with self._turns.committing, _not_stored(), locked(self.directory):
            self._current().connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """See `Engine`."""
        self._glimpse.close()
        with self._turns.committing:
            self._let_go()
            if self._open is not None:
                self._open.connection.close()
                self._open = None

    def free_bytes(self) -> int | None:
        """See `Engine`."""
        with _not_stored():
            return state_directory.free_bytes(self.directory)

    def _commit_locked(self, take: Take) -> None:
        try:
            with locked(self.directory) as lock:
                self._commit_readably(take())  # only now: whoever came while another process held the lock joins
                lock.mark_change()
        except FAULTS as error:
            log.error("not_stored", extra={"reason": str(error)})  # noqa: TRY400 - no bug of ours, no traceback
            raise NotStored(str(error)) from error

    def _commit_readably(self, turns: list[Turn[Any]]) -> None:
        try:
            self._commit(turns)
        except sqlite3.DatabaseError as error:
            if not is_unreadable(error):
                raise
            self._set_aside(str(error))
            self._commit(turns)

    def _commit(self, turns: list[Turn[Any]]) -> None:
        opened = self._current()
        shelf = opened.shelf
        try:
            opened.sync_as(LASTING if any(turn.is_lasting for turn in turns) else PASSING)
            opened.connection.execute("BEGIN")
            shelf.read_ahead(key for turn in turns for key in turn.reads)
            results = [turn.work(shelf) for turn in turns]
            shelf.sync()
            opened.connection.commit()
        except BaseException:
            shelf.discard()
            with suppress(sqlite3.Error):
                opened.connection.rollback()
            raise
        for turn, result in zip(turns, results, strict=True):
            turn.results.append(result)

    def _current(self) -> OpenLedger:
        self._let_go()
        if self._open is None:
            self._open = open_ledger(path_in(self.directory), self._release)
        return self._open

    def _let_go(self) -> None:
        """Use no longer what is not ours; to close it could delete the log of the file now at its path."""
        if self._open is not None and not self._open.file.is_current:
            if self._open.file.is_ours:  # nobody else can say what became of what it owed
                log.critical("ledger_replaced", extra={"path": str(self._open.file.path)})
            self._abandoned, self._open = [*self._abandoned, self._open], None

    def _set_aside(self, reason: str) -> None:
        if self._open is not None:
            with suppress(sqlite3.Error):
                self._open.connection.close()
            self._open = None
        log.critical("ledger_moved_aside", extra={"reason": reason, "kept_as": set_aside(path_in(self.directory))})


@contextmanager
def _not_stored() -> Iterator[None]:
    """Translate the faults of a file. Raises `NotStored`."""
    try:
        yield
    except FAULTS as error:
        raise NotStored(str(error)) from error
