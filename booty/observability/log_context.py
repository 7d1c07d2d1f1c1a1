"""What every line of the log says while one problem is dealt with."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType

_said: ContextVar[Mapping[str, str]] = ContextVar("said", default=MappingProxyType({}))


class about:  # noqa: N801 - called like a function, and half as slow as a generator's context
    """Have every line of this thread name a problem's page in Sentry, for as long as the context lasts.

    `repository`, where the problem's issues are, is named as well; None where it is the settings' own.
    """

    __slots__ = ("_before", "_named")

    def __init__(self, page: str | None, *, repository: str | None = None) -> None:
        """Say what is to be named."""
        self._named = {"sentry_url": page} if page else {}
        if repository:
            self._named["repository"] = repository

    def __enter__(self) -> None:
        """Begin to name it."""
        self._before = _said.set({**_said.get(), **self._named})

    def __exit__(self, *_: object) -> None:
        """Name it no more."""
        _said.reset(self._before)


def said() -> Mapping[str, str]:
    """Return the fields of every line in this thread, as they are now: ours, and what an application bound."""
    structlogs = sys.modules.get("structlog.contextvars")  # who binds fields by it has imported it
    return _said.get() if structlogs is None else {**structlogs.get_contextvars(), **_said.get()}
