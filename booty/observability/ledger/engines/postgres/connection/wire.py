"""A connection that waits for the database no longer than it was told to.

The limits that PostgreSQL keeps itself do not run in a server that is frozen, or behind a network that swallows
packets.
"""

from __future__ import annotations

import time
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

Value = TypeVar("Value")


class TooSlow(psycopg.OperationalError):
    """There was no answer in time; what was asked may be done yet."""


class Wire(psycopg.Connection[tuple[Any, ...]]):
    """A connection whose every wait ends at `ends_at` (monotonic seconds); then it is cut, and of no more use."""

    ends_at: float = float("inf")

    def wait(self, gen: PQGen[Value], interval: float = 0.1, timeout: float | None = None) -> Value:
        """See `psycopg.Connection.wait`, through which every statement goes. Raises `TooSlow`."""
        left = min(self.ends_at - time.monotonic(), 3600.0 if timeout is None else timeout)
        try:
            return super().wait(gen, interval, max(left, 0.0))
        except psycopg.OperationalError as error:
            if time.monotonic() < self.ends_at:
                raise
            self.pgconn.finish()
            raise TooSlow("the database did not answer in time") from error

    def __del__(self, _: object = None, /) -> None:
        """Say nothing: who throws an engine away lets go of its connection, as the end of a process does."""
