"""A look at a few records as they are now: a statement, no transaction, no lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from booty.observability.ledger.engines.ports.value import value_of
from booty.observability.ledger.engines.postgres.connection.opening import OpenLedger
from booty.observability.ledger.engines.turns import Turn

MOST = 500
"""Records that are remembered: some kilobytes each."""


class Look(Turn[list[bytes | None]]):
    """The turn of a caller that wants the records at some keys as they are stored, None for a missing one."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """Take the keys."""
        super().__init__(lambda _: [], keys, is_lasting=False)


def look(opened: OpenLedger, turns: Sequence[Turn[Any]], *, ends_at: float) -> list[Turn[Any]]:
    """Answer those that only look, together; return the others. It may take until `ends_at` (monotonic seconds).

    Raises `psycopg.Error`.
    """
    looks = [turn for turn in turns if isinstance(turn, Look) and not turn.is_over]
    if looks:
        opened.wire.ends_at = ends_at
        names = {key: key.encode(errors="surrogateescape") for turn in looks for key in turn.reads}
        found = opened.entries.read(list(names.values()))
        for turn in looks:
            turn.results.append([found.get(names[key]) for key in turn.reads])
    return [turn for turn in turns if not isinstance(turn, Look)]


class Seen:
    """What one process looked at last: while a record is stored as it was, its value is the very same one."""

    def __init__(self) -> None:
        """Have seen nothing yet."""
        self._of: dict[str, tuple[bytes | None, Any]] = {}

    def value(self, key: str, stored: bytes | None) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value of a record, None of one that is missing or no longer JSON."""
        known = self._of.get(key)
        if known is None or known[0] != stored:
            if len(self._of) >= MOST:
                self._of.clear()
            self._of[key] = known = stored, value_of(stored)
        return known[1]
