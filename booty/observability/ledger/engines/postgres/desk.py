"""Where the threads of one process hand in their work: nobody waits for it longer than allowed.

While the database answers, one of those that wait does the work of all, then names the next. A thread of its own opens
the connection, and does the work when that is lost. It ends when it is not needed any more.
"""

from __future__ import annotations

import time
from threading import Condition, Thread
from typing import Any

from booty.observability.ledger.engines.engine import NotStored, Result
from booty.observability.ledger.engines.postgres.budget import PATIENCE_SECONDS, left
from booty.observability.ledger.engines.postgres.line import Line, Lost
from booty.observability.ledger.engines.turns import Turn

IDLE_SECONDS = 10.0
"""After so long without anybody who asks, the thread gives up a database that hangs."""
NEEDED_SECONDS = 0.75 * PATIENCE_SECONDS
"""Who has less left does not do the work of all."""
AWAY = "the database did not answer in time; it is asked again in the background"


class Desk:
    """The callers of one process and their thread."""

    def __init__(self, line: Line, *, patience: float) -> None:
        """Have the work done over `line`; no caller waits longer than `patience` seconds."""
        self._line, self._patience = line, patience
        self._changed = Condition()
        self._waiting: list[Turn[Any]] = []
        self._is_led = self._is_late = False
        self._thread: Thread | None = None
        self._asked_at = 0.0
        self._is_closing = False

    def ask(self, turn: Turn[Result]) -> Result:
        """Return what the work returns, once it is committed; a commit that comes too late may happen all the same.

        Raises `NotStored`, or what any work that shared its commit raised.
        """
        self._asked_at, seconds = time.monotonic(), left(self._patience)
        turn.ends_at = self._asked_at + seconds
        with self._changed:
            if (self._line.is_away or self._is_late) and seconds < self._patience:
                self._call_thread()
                raise NotStored(AWAY)
            self._waiting.append(turn)
            if self._lead_next() is turn:
                turn.woken.release()
            elif not self._is_led:
                self._call_thread()
        while self._is_woken(turn) and not turn.is_over:
            self._lead(turn.ends_at)
        if turn.error is not None:
            raise turn.error
        return turn.results[0]

    def close(self) -> None:
        """Let go of the line, once what is under way is over."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._thread is None and not self._is_led)
            self._line.close()

    def _is_woken(self, turn: Turn[Any]) -> bool:
        """Wait until the turn is over or is to lead. Raises `NotStored`."""
        if turn.woken.acquire(timeout=max(turn.ends_at - time.monotonic(), 0.0)):
            return True
        with self._changed:
            if turn.woken.acquire(blocking=False):
                return True
            self._waiting = [each for each in self._waiting if each is not turn]
            self._is_late = self._is_led  # no other request need wait for what is under way
        raise NotStored(AWAY)

    def _lead(self, ends_at: float) -> None:
        """Do the work of all who wait, in the thread of one of them, unless the other thread had better."""
        seconds = ends_at - time.monotonic()
        if seconds < NEEDED_SECONDS:  # what takes longer would cost the connection
            self._leave([])
            return
        with self._changed:
            batch, self._waiting = self._waiting, []
        try:
            error = self._line.tried(batch, seconds, may_dial=False)
        except BaseException:  # this thread is told to end: the others must not wait for ever
            self._end(batch, NotStored("interrupted"))
            raise
        if isinstance(error, Lost):
            self._leave(batch)
        else:
            self._end(batch, error)

    def _leave(self, batch: list[Turn[Any]]) -> None:
        """Leave it to the other thread."""
        with self._changed:
            self._waiting, self._is_led = batch + self._waiting, False
            self._call_thread()

    def _lead_next(self) -> Turn[Any] | None:
        """Return who is to lead: the one who has most time left."""
        if self._is_led or not self._waiting or not self._line.is_ready:
            return None
        self._is_led = True
        return max(self._waiting, key=lambda turn: turn.ends_at)

    def _end(self, batch: list[Turn[Any]], error: Exception | None) -> None:
        """Wake those whose turns are over, after the one who leads next: the database must not wait for them."""
        with self._changed:
            self._is_led = self._is_late = False
            if self._line.is_hung:  # whoever came meanwhile need not wait for the same
                batch, self._waiting = batch + self._waiting, []
            if (leader := self._lead_next()) is not None:
                leader.woken.release()
            elif self._waiting or self._line.is_hung:
                self._call_thread()
            self._changed.notify_all()
        for turn in batch:
            if not turn.is_over:
                turn.error = error or NotStored(AWAY)
            turn.woken.release()

    def _call_thread(self) -> None:
        if self._thread is None:
            self._is_closing = False
            self._thread = Thread(target=self._run, name="ledger", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            self._end(batch, self._line.tried(batch, self._patience, may_dial=True))

    def _next(self) -> list[Turn[Any]] | None:
        """Return who waits, perhaps nobody while the database hangs; None when the thread is to end."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_led)
            if rest := self._line.rest():  # whoever comes meanwhile joins
                self._changed.wait_for(lambda: self._is_closing, rest)
            is_wanted = self._line.is_hung and time.monotonic() - self._asked_at < IDLE_SECONDS
            if not self._waiting and (self._is_closing or not is_wanted):
                self._thread = None
                self._changed.notify_all()
                return None
            batch, self._waiting, self._is_led = self._waiting, [], True
            return batch
