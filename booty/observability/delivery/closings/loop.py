"""The thread that reads the closings of every repository, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from booty.observability.ledger.steady_loop import SteadyLoop
from booty.observability.log_context import about

LOOK_SECONDS = 15.0
"""How long between two looks whether it is time for a cycle; what people do is known within two minutes."""


Cycle = Callable[[], None]


class ClosingsLoop(SteadyLoop):
    """One in every worker; what is under way at a stop, the next process does again."""

    def __init__(
        self, find: Callable[[], Iterable[tuple[str | None, Cycle]]], *, look_seconds: float = LOOK_SECONDS
    ) -> None:
        """Take what finds the cycles, each with its repository, once; both may raise `NotStored`."""
        super().__init__("closings", seconds=look_seconds, failed="closings_failed")
        self._find = find
        self._cycles: tuple[tuple[str | None, Cycle], ...] = ()

    def turn(self) -> None:
        """Call each cycle; whatever goes wrong with one is no matter of the other repositories."""
        self._cycles = self._cycles or tuple(self._find())
        for repository, cycle in self._cycles:
            with about(None, repository=repository), self.outliving():
                cycle()
