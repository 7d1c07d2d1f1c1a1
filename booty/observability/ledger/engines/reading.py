"""A ledger opened for reading alone: no file is made or written to, nobody is kept waiting.

Beside a service that runs it is read through the write-ahead log that is there, and the lock that every writer takes
first is held only until the reading has begun. Without such a log nobody has the ledger open: it is read under the lock
as a file that does not change. Root looks as the ledger's owner, so that not even SQLite makes a file that the service
could not open.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.ledger_file import LOCK, MARK_BYTES, newest_ledger
from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.sqlite_entries import SCHEMA, SqliteEntries

LOCK_SECONDS = 10.0


def newest(directory: Path) -> Path | None:
    """Return the ledger in use, None when there is none. Raises `OSError`."""
    return newest_ledger(directory) if directory.exists() else None


@contextmanager
def acting_as_owner(path: Path) -> Iterator[None]:
    """Act as the owner of `path` where this process is root's, so that what is made belongs to the service."""
    owner = path.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        yield
        return
    group = os.getegid()
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)


@contextmanager
def reading(path: Path) -> Iterator[Shelf]:
    """Open the ledger for one consistent reading. Raises `sqlite3.Error`, `OSError`."""
    with ExitStack() as stack:
        lock = stack.enter_context(_locked(path.parent / LOCK))
        is_in_use = Path(f"{path}-wal").exists()
        address = f"file:{quote(str(path))}?mode=ro" + ("" if is_in_use else "&immutable=1")
        connection = sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
        stack.enter_context(closing(connection))
        connection.execute("BEGIN")
        is_begun = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone() is not None
        if is_in_use:
            lock.close()
        yield JsonShelf(SqliteEntries(connection if is_begun else stack.enter_context(_nothing())))


def traces_of(path: Path) -> Iterator[object]:
    """Yield what commits leave behind: in the files, and the mark, since two may come within a tick of their clock."""
    for name in (str(path), f"{path}-wal"):
        with suppress(FileNotFoundError):
            status = Path(name).stat()
            yield status.st_ino, status.st_size, status.st_mtime_ns
    with suppress(FileNotFoundError), (path.parent / LOCK).open("rb") as lock:
        yield lock.read(MARK_BYTES)


def _nothing() -> closing[sqlite3.Connection]:
    """Return an empty ledger, in place of one whose maker was killed before it wrote anything."""
    connection = sqlite3.connect(":memory:")
    connection.execute(SCHEMA)
    return closing(connection)


@contextmanager
def _locked(lock: Path) -> Iterator[ExitStack]:
    """Keep writers out until what is yielded is closed; nobody writes where there is no lock file."""
    with ExitStack() as held:
        with suppress(FileNotFoundError):
            file = held.enter_context(lock.open("rb"))
            ends_at = time.monotonic() + LOCK_SECONDS
            while not _is_taken(file.fileno()):
                if time.monotonic() > ends_at:
                    raise TimeoutError(f"somebody holds {lock}")
                time.sleep(0.005)  # a file lock has no time limit of its own, and nothing says when it is free
        yield held


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
