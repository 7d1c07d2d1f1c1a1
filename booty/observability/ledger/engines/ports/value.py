"""How a stored value is read."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic_core import from_json

read_value = partial(from_json, cache_strings="keys")
"""Returns what JSON says, or raises ValueError.

By default the parser would keep 16,384 texts to find them again, spread over a process's memory.
"""


def value_of(stored: bytes | None) -> Any:  # noqa: ANN401 - any JSON value
    """Return what is stored, None where nothing is, or what is no longer JSON."""
    try:
        return None if stored is None else read_value(stored)
    except ValueError:
        return None
