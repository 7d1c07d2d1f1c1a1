"""How a stored value is read."""

from __future__ import annotations

from functools import partial

from pydantic_core import from_json

read_value = partial(from_json, cache_strings="keys")
"""Returns what JSON says, or raises ValueError.

By default the parser would keep 16,384 texts to find them again, spread over a process's memory.
"""
