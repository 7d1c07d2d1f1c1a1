"""How long one caller may wait for the database in all, however many transactions it asks for.

A request waits `PATIENCE_SECONDS`; a loop in the background, for which nobody waits, `LONG_SECONDS` a transaction:
what it began and gave up may happen all the same, such as a lease that nobody knows of.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PATIENCE_SECONDS, LONG_SECONDS = 0.4, 2.0
"""Sentry waits one second in all."""
ENDS_AT: ContextVar[float] = ContextVar("ends_at", default=float("inf"))
"""Monotonic seconds."""


@contextmanager
def one_budget(seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Let what this thread asks of a database meanwhile take `seconds` together."""
    token = ENDS_AT.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        ENDS_AT.reset(token)


def left(patience: float) -> float:
    """Return for how many seconds this thread may wait now, `patience` at most."""
    return max(min(patience, ENDS_AT.get() - time.monotonic()), 0.0)
