"""What every line of the log says while one problem is dealt with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_said: ContextVar[Mapping[str, str]] = ContextVar("said", default=MappingProxyType({}))


@contextmanager
def about(page: str | None, *, repository: str | None = None) -> Iterator[None]:
    """Have every line of this thread name a problem's page in Sentry, for as long as the context lasts.

    `repository`, where the problem's issues are, is named as well; None where it is the settings' own.
    """
    named = {"sentry_url": page, "repository": repository}
    before = _said.set({**_said.get(), **{name: value for name, value in named.items() if value}})
    try:
        yield
    finally:
        _said.reset(before)


def said() -> Mapping[str, str]:
    """Return the fields of every line, as they are now in this thread."""
    return _said.get()
