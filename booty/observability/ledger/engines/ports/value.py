"""How a stored value is read."""

from __future__ import annotations

import json
from typing import Any

from msgspec.json import decode

LONGEST_NUMBER = 4300
"""Digits."""


def read_value(stored: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return what JSON says. Raises `ValueError`.

    What the strict reader refuses, Python's may read: an older release could store `NaN`.
    """
    try:
        return decode(stored)
    except (ValueError, RecursionError):
        return _loosely(stored)


def _loosely(stored: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        value = json.loads(stored.decode(), parse_int=_whole)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except RecursionError as error:
        raise ValueError("it nests too deeply") from error
    return value


def _whole(digits: str) -> int:
    """Read a number of as many digits as Python reads by default: where it has no limit, a million take minutes."""
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number of too many digits")
    return int(digits)


def value_of(stored: bytes | None) -> Any:  # noqa: ANN401 - any JSON value
    """Return what is stored, None where nothing is, or what is no longer JSON."""
    try:
        return None if stored is None else read_value(stored)
    except ValueError:
        return None
