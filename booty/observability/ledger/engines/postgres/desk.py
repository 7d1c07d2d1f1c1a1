"""Where the threads of one process hand in their work: nobody waits for it longer than he may.

A thread of its own does the work of all who wait, and has the line to the database. It ends when nobody asks any more.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Condition, Thread
from typing import Any

from booty.observability.ledger.engines.engine import NotStored, Result
from booty.observability.ledger.engines.postgres.budget import left
from booty.observability.ledger.engines.postgres.connection.faults import Faults
from booty.observability.ledger.engines.postgres.line import Line
from booty.observability.ledger.engines.turns import Turn

IDLE_SECONDS = 10.0
"""After so long without anybody who asks, the thread ends; the connection stays."""
RETRY_SECONDS = 0.5
"""How long between two tries to reach a database that hangs."""
AWAY = "the database did not answer in time; it is asked again in the background"


class Desk:
    """The callers of one process and their thread."""

    def __init__(self, line: Line, *, patience: float) -> None:
        """Have the work done over `line`; no caller waits longer than `patience` seconds."""
        self._line = line
        self._patience = patience
        self._faults = Faults()
        self._changed = Condition()
        self._waiting: deque[Turn[Any]] = deque()
        self._thread: Thread | None = None
        self._asked_at = 0.0
        self._is_closing = False

    def ask(self, turn: Turn[Result]) -> Result:
        """Return what the work returns, once it is committed; a commit that comes too late may happen all the same.

        Raises `NotStored`, or what any work that shared its commit raised.
        """
        with self._changed:
            self._asked_at = time.monotonic()
            if self._thread is None:
                self._is_closing = False
                self._thread = Thread(target=self._run, name="ledger", daemon=True)
                self._thread.start()
            if self._is_away():
                raise NotStored(AWAY)
            self._waiting.append(turn)
            self._changed.notify()
        if not turn.woken.acquire(timeout=left(self._patience)):
            self._withdraw(turn)
            raise NotStored(AWAY)
        if turn.error is not None:
            raise turn.error
        return turn.results[0]

    def close(self) -> None:
        """Let go of the line, once what is under way is over."""
        with self._changed:
            self._is_closing = True
            thread = self._thread
            self._changed.notify()
        if thread is not None:
            thread.join()
        self._line.close()

    def _is_away(self) -> bool:
        since = self._line.dials_since
        return self._line.is_hung or (since is not None and time.monotonic() - since > self._patience)

    def _withdraw(self, turn: Turn[Any]) -> None:
        with self._changed:
            self._waiting = deque(each for each in self._waiting if each is not turn)

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            error = self._tried(batch)
            if self._line.is_hung:  # whoever came meanwhile need not wait for the same
                with self._changed:
                    batch += self._taken()
            for turn in batch:
                if not turn.is_over:
                    turn.error = error or NotStored(AWAY)
                turn.woken.release()

    def _next(self) -> list[Turn[Any]] | None:
        """Return who waits, perhaps nobody while the database hangs; None when the thread is to end."""
        with self._changed:
            rest = RETRY_SECONDS if self._line.is_hung else IDLE_SECONDS
            self._changed.wait_for(lambda: bool(self._waiting) or self._is_closing, rest)
            if not self._waiting and (self._is_closing or time.monotonic() - self._asked_at >= IDLE_SECONDS):
                self._thread = None
                return None
            return self._taken()

    def _taken(self) -> list[Turn[Any]]:
        taken = list(self._waiting)
        self._waiting.clear()
        return taken

    def _tried(self, turns: list[Turn[Any]]) -> Exception | None:
        """Do the work, or only reach the database when there is none; return what went wrong."""
        try:
            with self._faults.translated():
                if turns:
                    self._line.serve(turns)
                else:
                    self._line.opened()
        except Exception as error:  # noqa: BLE001 - handed to every caller of this commit, each raises it
            return error
        return None
