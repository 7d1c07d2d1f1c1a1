"""A place that gives a secret away where its form does not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from booty.observability.text.secrets.search import Replacement


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One kind of place; `pattern` is tried near its `hints`, in small letters where it takes any case."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    masked: Replacement
    """The replacement, as `re.sub` takes it."""
