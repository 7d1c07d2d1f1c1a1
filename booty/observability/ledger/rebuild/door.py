"""The operator's door for a rebuild: each page is written whole, with where to go on."""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ledger.rebuild.histories import Remembered, restore
from booty.observability.ledger.rebuild.place import Place, advance, begin
from booty.observability.ledger.repositories.home import Home


class Rebuild:
    """The ledger of a store that can be reached, or a new one. Every method raises `NotStored`, `OSError`."""

    def __init__(self, store: Store, *, keep_seconds: float, home: Home) -> None:
        """Keep each history for `keep_seconds` from its restoration on; nothing is opened yet."""
        self._store = store
        self._keep_seconds = keep_seconds
        self._home = home

    def begin(self) -> Place | None:
        """Return where to go on, None when it is done. Raises `NotEmpty`."""
        return self._store.change(begin)

    def keep(self, problems: Sequence[Remembered], *, repository: str | None, then: Place | None, now: float) -> int:
        """Restore the problems of one page of a repository, and go on at `then`; return how many were new."""

        def work(shelf: Shelf) -> int:
            advance(shelf, then)
            self._home.begin(shelf)
            mark, forget_at = self._home.mark(shelf, repository), now + self._keep_seconds
            return sum(restore(shelf, each, mark=mark, forget_at=forget_at) for each in problems)

        return self._store.change(work)
