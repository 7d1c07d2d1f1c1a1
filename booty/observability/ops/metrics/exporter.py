"""The loop that adds up what a worker counted, of which one serves the metrics of all.

Whichever worker can take the address serves; when it dies, the system frees the address, and another takes it. A scrape
waits until every worker has had the time to add what it counted before, so it misses nothing.
"""

from __future__ import annotations

import errno
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from booty.observability.config.bind import Bind
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.spool.spool import Spool
from booty.observability.ledger.steady_loop import SteadyLoop
from booty.observability.ledger.watch.counters import Counters, Reading

if TYPE_CHECKING:
    from booty.observability.ops.metrics.server import Server

log = logging.getLogger(__name__)

ADD_SECONDS = 0.25
SETTLE_SECONDS = 0.6
"""How long a scrape waits; twice as long as any worker needs to add what it counted, unless the machine is too busy."""
TRY_SECONDS = 1.0
"""How long between two tries to take the address."""
TAKEN = frozenset({errno.EADDRINUSE, errno.EAGAIN})


class Exporter(SteadyLoop):
    """One in every worker."""

    def __init__(self, counters: Counters, bind: Bind, *, release: str | None, spool: Spool | None = None) -> None:
        """Prepare; nothing is opened or imported before `wake`. `spool` is what this machine has, if it has one."""
        super().__init__("metrics", seconds=ADD_SECONDS, failed="metrics_failed", stop_seconds=None)
        self._spool = spool
        self._counters = counters
        self._bind = bind
        self._release = release
        self._server: Server | None = None
        self._reason = ""
        self._tries_at = 0.0

    def stop(self) -> None:
        """Give the address back, and add what was counted last."""
        super().stop()
        if self._server is not None:
            self._server.stop()
        with suppress(NotStored):
            self._counters.add()

    def turn(self) -> None:
        """Try to serve, unless it does; add what was counted. Raises `NotStored`."""
        if self._server is None and time.monotonic() >= self._tries_at:
            self._tries_at = time.monotonic() + TRY_SECONDS
            self._server = self._taken()
        self._counters.add()

    def _taken(self) -> Server | None:
        """Return the server, None while the address cannot be had; log why once, unless another worker has it."""
        from booty.observability.ops.metrics.server import Server  # noqa: PLC0415 - only one worker needs it

        try:
            server = Server(self._bind, self._render)
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno not in TAKEN and reason != self._reason:
                self._reason = reason
                log.warning("metrics_not_served", extra={"address": str(self._bind), "reason": reason})
            return None
        log.info("metrics_served", extra={"address": str(self._bind)})
        return server

    def _render(self, accept: str) -> tuple[str, bytes]:
        from booty.observability.ops.metrics.exposition import LedgerCollector, exposition  # noqa: PLC0415 - as above

        self._is_stopping.wait(SETTLE_SECONDS)
        spooled = self._spool.standing if self._spool else None
        return exposition(LedgerCollector(self._read, release=self._release, spooled=spooled), accept)

    def _read(self) -> Reading:
        self._counters.add()
        return self._counters.read(now=time.time())
