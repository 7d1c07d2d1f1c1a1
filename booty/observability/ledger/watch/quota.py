"""What GitHub says of a token's quota, told to all who call it with that token."""

from __future__ import annotations

from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.schedule.gate import pause
from booty.observability.ledger.schedule.gates import Gates


class QuotaBook:
    """The pauses of one token, in the ledger, where every worker on every machine finds them."""

    def __init__(self, engine: Engine, gates: Gates) -> None:
        """Use `engine`; nothing is opened yet. `gates` are those that calls with the token go through."""
        self._engine = engine
        self._gates = gates

    def spend(self, *, until: float, reason: str) -> None:
        """Have nobody call before `until` (unix seconds). Raises `NotStored`."""
        self._engine.transact(lambda shelf: pause(shelf, self._gates, until, reason), is_lasting=False)
