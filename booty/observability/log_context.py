"""What every line of the log says while one problem is dealt with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bind_contextvars, reset_contextvars


@contextmanager
def about(page: str | None) -> Iterator[None]:
    """Have every line of this thread name a problem's page in Sentry, for as long as the context lasts."""
    bound = bind_contextvars(sentry_url=page) if page else {}
    try:
        yield
    finally:
        reset_contextvars(**bound)
