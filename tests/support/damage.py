"""What a damaged file leaves in a ledger: raw entries, written past the engine."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from booty.observability.ledger.engines.ledger_file import newest_ledger
from booty.observability.ledger.engines.sqlite import SqliteEngine


def plant(directory: Path, values: Mapping[bytes, bytes]) -> None:
    """Write `values` into the ledger of `directory` as they are; it is made where there is none."""
    SqliteEngine(directory).transact(lambda _: None)
    with closing(sqlite3.connect(_file(directory))) as connection, connection:
        connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", values.items())


def raw(directory: Path) -> dict[bytes, bytes]:
    """Return the entries of the ledger as they are."""
    with closing(sqlite3.connect(_file(directory))) as connection:
        return dict(connection.execute("SELECT key, CAST(value AS BLOB) FROM entries"))


def overwrite_with_noise(paths: Iterable[Path]) -> None:
    """Overwrite each file, in its length, with random bytes.

    All are opened before the first is written: a service that notices moves the others away.
    """
    with ExitStack() as opened:
        for file in [opened.enter_context(path.open("r+b")) for path in paths]:
            file.write(os.urandom(os.fstat(file.fileno()).st_size))


def _file(directory: Path) -> Path:
    file = newest_ledger(directory)
    assert file is not None
    return file
