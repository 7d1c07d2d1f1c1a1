"""The line of one process to the database: it is opened by a thread of its own, so that nobody waits for that too long.

A connection to a server that is frozen, or behind a network that swallows packets, takes seconds to fail.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread

from booty.observability.ledger.engines.postgres.opening import OpenLedger, open_ledger
from booty.observability.ledger.engines.postgres.wire import TooSlow


@dataclass(slots=True)
class Call:
    """A connection that is being opened, since `began_at` (monotonic seconds)."""

    began_at: float
    answer: Future[OpenLedger] = field(default_factory=Future)


class Line:
    """At most one connection of this process; its callers take turns."""

    def __init__(self, url: str, release: str | None, *, patience: float) -> None:
        """Name the database; nothing is opened yet. Nobody waits longer than `patience` (seconds) for a connection."""
        self._url = url
        self._release = release
        self._patience = patience
        self._open: OpenLedger | None = None
        self._call: Call | None = None
        self._pid = os.getpid()
        self._inherited: list[object] = []

    def opened(self) -> OpenLedger:
        """Return the open ledger. Raises `psycopg.Error`, `NewerLedger`, `Unfit`."""
        self._leave_inherited()
        if self._open is not None and self._open.wire.closed:
            self._open = None
        if self._open is None:
            self._open = self._dialled()
        return self._open

    def close(self) -> None:
        """Let go of the connection; one that is being opened is closed once it is there."""
        self._leave_inherited()
        if self._call is not None:
            self._call.answer.add_done_callback(_close)
        if self._open is not None:
            self._open.wire.close()
        self._open = self._call = None

    def _dialled(self) -> OpenLedger:
        call = self._call = self._call or self._dial()
        try:
            opened = call.answer.result(timeout=max(call.began_at + self._patience - time.monotonic(), 0.0))
        except TimeoutError:  # it goes on: the next caller may have its answer
            raise TooSlow("the database cannot be reached in time") from None
        except BaseException:
            self._call = None
            raise
        self._call = None
        return opened

    def _dial(self) -> Call:
        call = Call(time.monotonic())
        Thread(target=self._answer, args=(call,), name="ledger-line", daemon=True).start()
        return call

    def _answer(self, call: Call) -> None:
        try:
            call.answer.set_result(open_ledger(self._url, self._release))
        except Exception as error:  # noqa: BLE001 - handed to whoever waits, who raises it
            call.answer.set_exception(error)

    def _leave_inherited(self) -> None:
        """Use nothing of a parent's, and do not close it either: that would end the parent's connection."""
        if self._pid != os.getpid():
            self._inherited += [self._open, self._call]
            self._open, self._call, self._pid = None, None, os.getpid()


def _close(answer: Future[OpenLedger]) -> None:
    with suppress(Exception):  # it was never there
        answer.result().wire.close()
