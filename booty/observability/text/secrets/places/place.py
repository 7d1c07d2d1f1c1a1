"""A place where a secret stands that its form does not give away."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of place; `pattern` is tried near its `hints`, in small letters where it takes any case."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    masked: str
    """What stands there afterwards, as `re.sub` takes it."""
