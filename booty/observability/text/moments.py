"""A moment as it is written for people."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(100)  # of a storm every line names the same ones
def iso(seconds: float) -> str:
    """Return unix seconds as ISO 8601 in UTC; what is not a moment, as in a damaged record, is "an unknown time"."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return "an unknown time"
