"""The operator's door for a rebuild: each page is written whole, with where to go on."""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.ledger.engines.engine import Shelf, Store
from booty.observability.ledger.rebuild.histories import Remembered, restore
from booty.observability.ledger.rebuild.place import Place, advance, begin


class Rebuild:
    """The ledger of a store that can be reached, or a new one. Every method raises `NotStored`, `OSError`."""

    def __init__(self, store: Store, *, keep_seconds: float) -> None:
        """Keep each history for `keep_seconds` from its restoration on; nothing is opened yet."""
        self._store = store
        self._keep_seconds = keep_seconds

    def begin(self) -> Place | None:
        """Return where to go on, None when it is done. Raises `NotEmpty`."""
        return self._store.change(begin)

    def keep(self, problems: Sequence[Remembered], *, then: Place | None, now: float) -> int:
        """Restore the problems of one page, and go on at `then`; return how many were new."""

        def work(shelf: Shelf) -> int:
            advance(shelf, then)
            return sum(restore(shelf, each, forget_at=now + self._keep_seconds) for each in problems)

        return self._store.change(work)
