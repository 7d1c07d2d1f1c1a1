"""How many new problems, in how long, are filed one by one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StormLimit:
    """So many in so many seconds; what comes beyond it is a storm, whose problems share one issue."""

    most: int
    seconds: float
