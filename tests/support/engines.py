"""The engines that the ledger can have, each in a place of its own that a test can do harm to."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.engines.ledger_file import newest_ledger
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
    """A directory for the SQLite file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "state"
        self._elsewhere = directory / "elsewhere"

    def engine(self, *, release: str | None = None) -> Engine:
        """See `Place`."""
        return SqliteEngine(self._directory, release=release)

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


ENGINES: Mapping[str, Callable[[Path], Place]] = {"sqlite": SqlitePlace}
