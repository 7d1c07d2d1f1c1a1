"""The line of one process to the database: a connection that is opened again when it is lost.

Only the thread that has the line uses it. To connect to a server that is frozen, or behind a network that swallows
packets, takes seconds to fail: whoever waits for that thread does not wait for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg

from booty.observability.ledger.engines.postgres.connection.opening import OpenLedger
from booty.observability.ledger.engines.postgres.connection.wire import TooSlow
from booty.observability.ledger.engines.postgres.transaction import begun, commit
from booty.observability.ledger.engines.turns import Turn

WAITED = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)
"""The server's own words for what took too long; the connection is still good."""


class Line:
    """At most one connection."""

    def __init__(self, open_ledger: Callable[[], OpenLedger], *, patience: float) -> None:
        """Take how a ledger is opened; a transaction may take `patience` seconds. Nothing is opened yet."""
        self._open_ledger = open_ledger
        self._patience = patience
        self._open: OpenLedger | None = None
        self.dials_since: float | None = None
        """Since when a connection is being opened, monotonic seconds."""
        self.is_hung = False
        """The database took too long last time: nobody should wait for it, until it answers again."""

    def serve(self, turns: list[Turn[Any]]) -> None:
        """Do the work of the turns, all or none of it.

        Raises `psycopg.Error`, `NewerLedger`, `Unfit`, or what any work raised.
        """
        try:
            opened, names = self._begun(turns)
            if not commit(opened, turns, names):
                commit(opened, turns, begun(opened, turns, patience=self._patience, is_alone=True))
        except (TooSlow, *WAITED):
            self.is_hung = True
            raise
        except psycopg.Error:  # such as of a primary that has become a standby: perhaps the next connection is better
            self.close()
            raise

    def opened(self) -> OpenLedger:
        """Return the open ledger. Raises `psycopg.Error`, `NewerLedger`, `Unfit`."""
        if self._open is not None and not self._open.wire.closed:
            self.is_hung = False
            return self._open
        self.dials_since = began_at = time.monotonic()
        try:
            self._open = self._open_ledger()
        except Exception:
            self.is_hung = time.monotonic() - began_at > self._patience
            raise
        finally:
            self.dials_since = None
        self.is_hung = False
        return self._open

    def close(self) -> None:
        """Let go of the connection."""
        if self._open is not None:
            self._open.wire.close()
        self._open = None

    def _begun(self, turns: list[Turn[Any]]) -> tuple[OpenLedger, frozenset[str]]:
        """Begin on the connection there is, or on a new one when the server has closed that."""
        opened = self.opened()
        try:
            return opened, begun(opened, turns, patience=self._patience, is_alone=False)
        except TooSlow:
            raise
        except psycopg.OperationalError:
            if not opened.wire.closed:
                raise
            opened = self.opened()
            return opened, begun(opened, turns, patience=self._patience, is_alone=False)
