"""A look at a few records as they are now, on a connection of its own that only reads: no lock, nobody waits.

What was looked at is remembered until anybody commits anything. Who commits says so (`changes`); what an older release,
or a person, commits without a word is seen by asking SQLite, which takes some ten times as long as all else of a look
(https://sqlite.org/pragma.html#pragma_data_version), so that it is asked again only after `TRUSTED_SECONDS`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from booty.observability.ledger.engines.ledger_file import LedgerFile
from booty.observability.ledger.engines.looks.changes import Changes
from booty.observability.ledger.engines.ports.value import value_of

CACHE_PRAGMA = "PRAGMA cache_size = -128"  # KiB: a look is for a few rows
MOST = 500
"""Records that are remembered: some kilobytes each."""
MOST_AT_ONCE = 40
"""Records that are looked at anew together, after a change: two problems', with all of their books."""
TRUSTED_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class _Seen:
    """Records of a file as they were at a moment (monotonic seconds), and as they are until the mark is another."""

    file: LedgerFile
    mark: bytes
    version: object
    """What SQLite says of the last change."""
    at: float
    records: dict[str, Any]


class Glimpse:
    """The reading connection of one process; it sees what was committed before the look, by whomever."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        """Open nothing yet."""
        self._clock = clock
        self._looking = Lock()
        self._file: LedgerFile | None = None
        self._connection: sqlite3.Connection | None = None
        self._abandoned: list[sqlite3.Connection] = []
        self._changes: Changes | None = None
        self._seen: _Seen | None = None

    def look(self, file: LedgerFile, keys: Sequence[str]) -> list[Any] | None:
        """Return the records, None for each that is missing; nobody may change them. None: the file is not ours.

        They are the same objects as long as nothing changed. Raises `sqlite3.Error`, `OSError`, `ValueError`.
        """
        seen, changes = self._seen, self._changes
        is_fresh = seen is not None and seen.file is file and self._clock() - seen.at < TRUSTED_SECONDS
        if seen is not None and is_fresh and changes is not None and changes.mark() == seen.mark:
            try:
                return [seen.records[key] for key in keys]
            except KeyError:
                pass
        if not file.is_current:
            return None
        with self._looking:
            return self._ask(file, keys)

    def close(self) -> None:
        """Let go of what is open."""
        with self._looking:
            if self._connection is not None:
                self._connection.close()
            self._connection = self._file = self._changes = self._seen = None

    def _ask(self, file: LedgerFile, keys: Sequence[str]) -> list[Any]:
        connection, changes = self._opened(file)
        mark, at, before = changes.mark(), self._clock(), self._seen
        version = connection.execute("PRAGMA data_version").fetchone()
        known = before.records if before is not None and before.file is file and len(before.records) < MOST else {}
        records = known if before is not None and before.version == version else {}
        wanted = keys if len(known) > MOST_AT_ONCE else {*keys, *known}  # a storm will ask for the same
        if unseen := [key for key in wanted if key not in records]:
            records |= _found(connection, unseen)
        self._seen = _Seen(file, mark, version, at, records)
        return [records[key] for key in keys]

    def _opened(self, file: LedgerFile) -> tuple[sqlite3.Connection, Changes]:
        if self._connection is None or self._changes is None or self._file != file:
            self._changes = Changes(file.path.parent)
            if self._connection is not None:  # a parent's, or of a file that was moved: see `SqliteEngine`
                self._abandoned.append(self._connection)
            address = f"{file.path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(address, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
            for pragma in ("PRAGMA query_only = ON", CACHE_PRAGMA):
                connection.execute(pragma)
            self._connection, self._file = connection, file
        return self._connection, self._changes


def _found(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Any]:
    marks = ",".join("?" * len(keys))
    names = [key.encode() for key in keys]
    rows = connection.execute(f"SELECT key, value FROM entries WHERE key IN ({marks})", names)  # noqa: S608 - question marks
    found = dict(rows.fetchall())
    return {key: value_of(found.get(name)) for key, name in zip(keys, names, strict=True)}
