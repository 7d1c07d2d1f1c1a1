"""A moment as an operator reads it: ISO 8601 in UTC, with how long ago it was."""

from __future__ import annotations

from math import isfinite

from booty.observability.text.moments import UNKNOWN, iso

UNITS = (("d", 86400), ("h", 3600), ("min", 60))


def age(seconds: float) -> str:
    """Return a length of time in its largest unit: `2 h`."""
    if not isfinite(seconds):
        return "of unknown age"
    for unit, length in UNITS:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(int(seconds), 0)} s"


def moment(at: float, *, now: float) -> str:
    """Return a moment (unix seconds) with its distance: `2026-11-18T11:06:40+00:00 (2 h ago)`, `(in 5 min)`."""
    written = iso(at)
    if written == UNKNOWN:
        return written
    return f"{written} ({f'in {age(at - now)}' if at > now else f'{age(now - at)} ago'})"
