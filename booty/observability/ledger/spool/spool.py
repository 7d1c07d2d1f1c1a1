"""The spool of one machine: an embedded store of its own, in the order in which things came.

`waits/<when>/<a name of its own>` holds what came: an alert with its destination, or a status change, made safe as all
that is stored; `broken/…` what this release could not read; `count` how many wait. All processes of the
machine share it.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from booty.observability.config.state_directory import free_bytes
from booty.observability.ledger.engines.engine import NotStored, Shelf, sortable
from booty.observability.ledger.engines.ledger_file import newest_ledger
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.spool.standing import COUNT, WAITS, Spooled, spooled_in

LEAST_ROOM = 64 * 1024 * 1024
"""Bytes that a storm leaves free: the rest of the machine needs a disk as well."""
AT_ONCE = 50


class Spool:
    """What waits on this machine; times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, directory: Path) -> None:
        """Name its directory; nothing is made before something has to wait."""
        self._directory = directory
        self._engine = SqliteEngine(directory)

    def keep(self, record: Record, *, now: float) -> None:
        """Keep what came now, on disk when this returns."""
        self._require_room()
        key = f"{WAITS}{sortable(now)}/{uuid.uuid4().hex}"

        def work(shelf: Shelf) -> None:
            shelf.update({key: record, COUNT: shelf.get(COUNT, 0) + 1})

        self._engine.transact(work, reads=(COUNT,))

    def prove(self) -> None:
        """Write something, as proof that an alert could be kept."""
        self._require_room()
        self._engine.transact(lambda shelf: shelf.update({COUNT: shelf.get(COUNT, 0)}))

    def waiting(self) -> list[tuple[str, Record]]:
        """Return the first that came, each with its key; some at once."""
        if self._is_unused():
            return []
        return self._engine.transact(_first, is_lasting=False)

    def drop(self, key: str, *, broken: Record | None = None) -> None:
        """Take out what waits no longer; `broken` is kept aside."""

        def work(shelf: Shelf) -> None:
            if shelf.pop(key, None) is not None:
                shelf[COUNT] = max(shelf.get(COUNT, 0) - 1, 0)
            if broken is not None:
                shelf[f"broken/{key}"] = broken

        self._engine.transact(work, is_lasting=broken is not None)

    def standing(self) -> Spooled:
        """Return how much waits."""
        return Spooled() if self._is_unused() else self._engine.transact(spooled_in, is_lasting=False)

    def tidy(self) -> None:
        """Leave nothing on disk of what waits no longer."""
        if not self._is_unused():
            self._engine.tidy()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Say whether nobody else on this machine empties it meanwhile; a lock that ends with its process."""
        lock = os.open(self._directory / "emptying.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
        except BlockingIOError:
            yield False
        finally:
            os.close(lock)

    def _is_unused(self) -> bool:
        return not self._directory.exists() or newest_ledger(self._directory) is None

    def _require_room(self) -> None:
        if not self._directory.exists():
            return
        room = free_bytes(self._directory)
        if room is not None and room < LEAST_ROOM:
            raise NotStored(f"only {room // 1024} KiB are free for {self._directory}")


def _first(shelf: Shelf) -> list[tuple[str, Record]]:
    keys = list(islice(shelf.under(WAITS), AT_ONCE))
    found = shelf.many(keys)
    return [(key, found.get(key, {})) for key in keys]
