"""What every line of the log says while one problem is dealt with."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from structlog.contextvars import bound_contextvars


def about(page: str | None) -> AbstractContextManager[None]:
    """Have every line of this thread name a problem's page in Sentry, for as long as the context lasts."""
    return bound_contextvars(sentry_url=page) if page else nullcontext()
