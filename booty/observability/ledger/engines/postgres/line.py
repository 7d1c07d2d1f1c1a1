"""The line of one process to the database: a connection that is opened again when it is lost.

Only the thread that has the line uses it. To connect to a server that is frozen, or behind a network that swallows
packets, takes seconds to fail: whoever waits for that thread does not wait for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg

from booty.observability.ledger.engines.postgres.connection.faults import Faults
from booty.observability.ledger.engines.postgres.connection.opening import OpenLedger
from booty.observability.ledger.engines.postgres.connection.wire import TooSlow
from booty.observability.ledger.engines.postgres.looks import look
from booty.observability.ledger.engines.postgres.transaction import begun, commit
from booty.observability.ledger.engines.turns import Turn

WAITED = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)
"""The server's own words for what took too long; the connection is still good."""


HANGING_SECONDS, REFUSED_SECONDS = 0.5, 0.05
"""How long between two tries to reach a database that hangs, or one that refuses: it may have just come up."""
Begun = tuple[OpenLedger, list[Turn[Any]], frozenset[str]]
"""The ledger, the works whose transaction is begun over it, the names that this is about."""


class Lost(Exception):
    """The connection is gone, before anything was done over it."""


class Line:
    """At most one connection."""

    def __init__(self, open_ledger: Callable[[], OpenLedger], *, patience: float) -> None:
        """Take how a ledger is opened; a transaction may take `patience` seconds. Nothing is opened yet."""
        self._open_ledger = open_ledger
        self._patience = patience
        self._open: OpenLedger | None = None
        self._faults = Faults()
        self._dials_since: float | None = None
        """Since when a connection is being opened, monotonic seconds."""
        self._refused_at = float("-inf")
        self.is_hung = False
        """The database took too long last time: nobody should wait for it, until it answers again."""

    @property
    def is_ready(self) -> bool:
        """A connection is open, as far as is known, to a database that answered."""
        return self._open is not None and not self._open.wire.closed and not self.is_hung

    @property
    def is_away(self) -> bool:
        """Nobody should wait: the database took too long last time, or to connect to it does."""
        since = self._dials_since
        return self.is_hung or (since is not None and time.monotonic() - since > self._patience)

    def rest(self) -> float:
        """Return for how many seconds the database should be left alone."""
        if self.is_hung:
            return HANGING_SECONDS
        return 0.0 if self.is_ready else max(self._refused_at + REFUSED_SECONDS - time.monotonic(), 0.0)

    def tried(self, turns: list[Turn[Any]], seconds: float, *, may_dial: bool) -> Exception | None:
        """Do the work of the turns, all or none of it, in that many seconds; without turns, only reach the database.

        Return what went wrong: `Lost` where a connection is needed and may not be opened, `NotStored`, or what any work
        raised.
        """
        try:
            with self._faults.translated():
                if turns:
                    self._serve(turns, seconds, may_dial=may_dial)
                else:
                    self._opened()
        except Exception as error:  # noqa: BLE001 - handed to every caller of this commit, each raises it
            return error
        return None

    def close(self) -> None:
        """Let go of the connection."""
        if self._open is not None:
            self._open.wire.close()
        self._open = None

    def _serve(self, turns: list[Turn[Any]], seconds: float, *, may_dial: bool) -> None:
        try:
            opened, works, names = self._begun(turns, seconds, may_dial=may_dial)
            if works and not commit(opened, works, names):
                commit(opened, works, begun(opened, works, ends_at=opened.wire.ends_at, is_alone=True))
        except (TooSlow, *WAITED):
            self.is_hung = True
            raise
        except psycopg.Error:  # such as of a primary that has become a standby: perhaps the next connection is better
            self.close()
            raise

    def _opened(self) -> OpenLedger:
        """Return the open ledger. Raises `psycopg.Error`, `NewerLedger`, `Unfit`."""
        if self._open is not None and not self._open.wire.closed:
            self.is_hung = False
            return self._open
        self._dials_since = began_at = time.monotonic()
        try:
            self._open = self._open_ledger()
        except Exception:
            self._refused_at = time.monotonic()
            self.is_hung = self._refused_at - began_at > self._patience
            raise
        finally:
            self._dials_since = None
        self.is_hung = False
        return self._open

    def _begun(self, turns: list[Turn[Any]], seconds: float, *, may_dial: bool) -> Begun:
        """Begin on the connection there is, or on a new one when the server has closed that."""
        if not may_dial and not self.is_ready:
            raise Lost
        opened = self._opened()
        try:
            return _begun(opened, turns, seconds)
        except TooSlow:
            raise
        except psycopg.OperationalError as error:
            if not opened.wire.closed:
                raise
            if not may_dial:
                raise Lost from error
            return _begun(self._opened(), turns, seconds)


def _begun(opened: OpenLedger, turns: list[Turn[Any]], seconds: float) -> Begun:
    """Answer those that only look, then begin what the others need, if there are any."""
    ends_at = time.monotonic() + seconds
    works = look(opened, turns, ends_at=ends_at)
    return opened, works, begun(opened, works, ends_at=ends_at, is_alone=False) if works else frozenset()
