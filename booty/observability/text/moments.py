"""A moment as it is written for people."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

UNKNOWN = "an unknown time"
"""What is written of what is not a moment."""


@lru_cache(100)  # of a storm every line names the same ones
def iso(seconds: float) -> str:
    """Return unix seconds as ISO 8601 in UTC; what is not a moment, as in a damaged record, is `UNKNOWN`."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return UNKNOWN
