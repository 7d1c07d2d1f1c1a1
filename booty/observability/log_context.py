"""What every line of the log says while one problem is dealt with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bind_contextvars, reset_contextvars


@contextmanager
def about(page: str | None, *, repository: str | None = None) -> Iterator[None]:
    """Have every line of this thread name a problem's page in Sentry, for as long as the context lasts.

    `repository`, where the problem's issues are, is named as well; None where it is the settings' own.
    """
    named = {"sentry_url": page, "repository": repository}
    bound = bind_contextvars(**{name: value for name, value in named.items() if value})
    try:
        yield
    finally:
        reset_contextvars(**bound)
