"""The levels of severity."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """Sentry's levels, worst first."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"

    __hash__ = str.__hash__  # an enumeration's own is slow

    def is_at_least(self, other: Severity) -> bool:
        """Return whether this level is as bad as `other` or worse."""
        return RANK[self] <= RANK[other]


RANK = {severity: rank for rank, severity in enumerate(Severity)}
