"""How a stored value is read."""

from __future__ import annotations

from typing import Any

from msgspec.json import decode
from pydantic_core import from_json


def read_value(stored: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return what JSON says. Raises `ValueError`.

    What the strict reader refuses, the other may read: an older release could store `NaN`.
    """
    try:
        return decode(stored)
    except (ValueError, RecursionError):
        return from_json(stored, cache_strings="none")


def value_of(stored: bytes | None) -> Any:  # noqa: ANN401 - any JSON value
    """Return what is stored, None where nothing is, or what is no longer JSON."""
    try:
        return None if stored is None else read_value(stored)
    except ValueError:
        return None
