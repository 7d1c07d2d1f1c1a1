"""The file's ledger as an operator's command uses it; looking only reads: see `engines.reading`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from booty.observability.config.state_directory import free_bytes, rights_fault
from booty.observability.ledger.engines.engine import Damaged, Engine, NoAccess, Result, Work
from booty.observability.ledger.engines.ledger_file import LEDGER, LOCK
from booty.observability.ledger.engines.open_ledger import is_unreadable
from booty.observability.ledger.engines.ports.store import Survey
from booty.observability.ledger.engines.reading import acting_as_owner, newest, reading, traces_of
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.version import known_version


class SqliteStore:
    """The newest ledger in a directory: see `Store`."""

    def __init__(self, directory: Path) -> None:
        """Name the directory; nothing is opened yet."""
        self._directory = directory
        self._engine = SqliteEngine(directory)

    def survey(self) -> Survey:
        """See `Store`."""
        with self._translated():
            return _survey(self._directory)

    def look(self, work: Work[Result]) -> Result | None:
        """See `Store`."""
        with self._translated():
            path = newest(self._directory)
            if path is None:
                return None
            with acting_as_owner(path), reading(path) as shelf:
                known_version(shelf)
                return work(shelf)

    def trace(self) -> object:
        """See `Store`."""
        with self._translated():
            path = newest(self._directory)
            return () if path is None else (path, *traces_of(path))

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """See `Store`."""
        with acting_as_owner(newest(self._directory) or self._directory):
            yield self._engine

    def change(self, work: Work[Result]) -> Result:
        """See `Store`."""
        with self.engine() as engine:
            return engine.transact(work)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate the faults of a file. Raises `NoAccess`."""
        try:
            yield
        except sqlite3.Error as error:
            raise (Damaged if is_unreadable(error) else NoAccess)(str(error)) from error
        except OSError as error:
            raise NoAccess(f"{error.filename or self._directory}: {error.strerror or error}") from error


def _survey(directory: Path) -> Survey:
    """Return what the names in `directory` say. Raises `OSError`, `NoAccess`."""
    if not directory.exists():
        return Survey()
    lock = directory / LOCK
    if lock.exists() and not lock.is_file():
        raise NoAccess(f"{lock} is not a file")
    found = (LEDGER.fullmatch(path.name) for path in directory.iterdir())
    ledger = newest(directory)
    return Survey(
        ledger=ledger,
        set_aside=tuple(sorted(match[0] for match in found if match and match[2] == ".unreadable")),
        free_bytes=free_bytes(directory),
        unwritable=_unwritable(ledger) if ledger is not None else None,
    )


def _unwritable(ledger: Path) -> str | None:
    """Return why its owner, or this user unless that is root, could not write to the ledger."""
    with acting_as_owner(ledger):
        return rights_fault(ledger.parent)
