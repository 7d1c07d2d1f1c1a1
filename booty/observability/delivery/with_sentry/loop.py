"""The thread that asks Sentry, or tells it: each cycle is a look whether there is something to do."""

from __future__ import annotations

from collections.abc import Callable

from booty.observability.ledger.steady_loop import SteadyLoop

LOOK_SECONDS = 5.0
"""How long between two times that each is called."""


class SentryLoop(SteadyLoop):
    """One in every worker; what is under way at a stop, the next process does again."""

    def __init__(self, *cycles: Callable[[], None]) -> None:
        """Take what is to be called; each may raise `NotStored`."""
        super().__init__("with-sentry", seconds=LOOK_SECONDS, failed="round_failed")
        self._cycles = cycles

    def turn(self) -> None:
        """Call each cycle, whatever goes wrong with the others."""
        for each in self._cycles:
            with self.outliving():
                each()
