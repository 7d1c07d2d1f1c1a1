"""The operator's door for a rebuild: each page is written whole, with where to go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.reading import acting_as_owner, newest
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.rebuild.histories import Remembered, restore
from booty.observability.ledger.rebuild.place import Place, advance, begin

Result = TypeVar("Result")


class Rebuild:
    """The newest ledger in a directory that is there, or a new one. Every method raises `NotStored`, `OSError`."""

    def __init__(self, directory: Path, *, keep_seconds: float) -> None:
        """Keep each history for `keep_seconds` from its restoration on; nothing is opened yet."""
        self._directory = directory
        self._engine = SqliteEngine(directory)
        self._keep_seconds = keep_seconds

    def begin(self) -> Place | None:
        """Return where to go on, None when it is done. Raises `NotEmpty`."""
        return self._transact(begin)

    def keep(self, problems: Sequence[Remembered], *, then: Place | None, now: float) -> int:
        """Restore the problems of one page, and go on at `then`; return how many were new."""

        def work(shelf: Shelf) -> int:
            advance(shelf, then)
            return sum(restore(shelf, each, forget_at=now + self._keep_seconds) for each in problems)

        return self._transact(work)

    def _transact(self, work: Callable[[Shelf], Result]) -> Result:
        with acting_as_owner(newest(self._directory) or self._directory):
            return self._engine.transact(work)
