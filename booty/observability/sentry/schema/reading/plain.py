"""Plain values of any JSON: a text, a number, a flag, each also where it was sent as another of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from math import isfinite
from typing import Any

from booty.observability.sentry.schema.reading import typed
from booty.observability.sentry.schema.reading.moments import moment

LARGEST = 10**308
"""What lies beyond is not a double; many readers of JSON turn it into `Infinity`."""
WHOLE = re.compile(r"[+-]?\d(?:_?\d){0,99}(?:\.0+)?", re.ASCII)
FLAGS = dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True) | dict.fromkeys(
    ("0", "false", "f", "no", "n", "off"), False
)


def as_text(value: object) -> str | None:
    """Return a plain value of any JSON as text, None when it is none."""
    if isinstance(value, str):  # nearly always
        return value
    if isinstance(value, bool):
        return str(value)
    is_number = isinstance(value, int | float) and -LARGEST <= value <= LARGEST  # false of NaN
    return str(value) if is_number else None


def text(value: object) -> str | None:
    """Return a text, or a number as one."""
    return value if isinstance(value, str) else None if isinstance(value, bool) else as_text(value)


def number(value: object) -> float | None:
    """Return a number, or the one that a text holds; never NaN, nor an infinite one."""
    if isinstance(value, str | int | float) and (not isinstance(value, str) or value.strip().isascii()):
        with suppress(ValueError, OverflowError):
            return found if isfinite(found := float(value)) else None
    return None


def whole(value: object) -> int | None:
    """Return a number without a fraction that 64 bits hold, or the one that a text holds."""
    if isinstance(value, str):
        value = int(value.strip().partition(".")[0]) if WHOLE.fullmatch(value.strip()) else None
    if isinstance(value, int | float) and -(2**63) <= value < 2**63 and value == int(value):
        return int(value)
    return None


def count(value: object) -> int | None:
    """Return how many there are, at most as many as a double counts."""
    found = whole(value)
    return found if found is not None and 0 <= found < 2**53 else None


def position(value: object) -> int | None:
    """Return a line or a column, counted from one."""
    found = whole(value)
    return found if found is not None and 0 < found < 2**31 else None


def flag(value: object) -> bool | None:
    """Return whether it is so, None when nothing says."""
    if isinstance(value, str):
        return FLAGS.get(value.lower())
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else None


READERS: dict[Any, Callable[[Any], Any]] = {
    str: text,
    typed.Text: text,
    typed.Id: text,
    typed.Moment: text,
    typed.Time: moment,
    typed.Position: position,
    typed.Flag: flag,
    typed.Whole: whole,
    typed.Count: count,
    typed.Number: number,
}
"""What reads a value of each type; what does not fit is None."""
