"""A place that gives a secret away where its form does not."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of place; `pattern` is tried near its `hints`, in small letters where it takes any case."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    masked: str
    """The replacement, as `re.sub` takes it."""
