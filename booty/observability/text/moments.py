"""How a moment reads in the log and in `status`."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """Return unix seconds as ISO 8601 in UTC; what is no moment, as in a damaged record, is named so."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return "an unknown time"
