"""JSON with too many values in it, cut down to as many as can be looked at in time.

Parsing is fast, looking at each value is not: 300 kB can hold 100,000 empty objects. What goes is what nests deepest
and what is in the middle of the longest lists; an event of a real program loses nothing.
"""

from __future__ import annotations

from collections import deque
from typing import Any

FEW = 10_000
"""Values; a body with less than so many is read as it is, a larger one is cut down to it."""
LONGEST = 250
"""Items of a list, and keys of an object; Sentry itself keeps fewer frames, breadcrumbs and tags than that."""
FIRST = 100
"""Items of a list that is too long that are kept from its beginning; the others are its last ones."""
BEFORE_VALUES = b",[{"
DEEPEST = 100
"""Levels; Sentry nests some fifteen."""


def is_slight(body: bytes, few: int = FEW) -> bool:
    """Return whether the JSON in `body` holds less than `few` values, and need not be cut down."""
    return len(body) < few or values_in(body) < few


def values_in(body: bytes) -> int:
    """Return how many values the JSON in `body` holds, or more: a comma in a text counts like one between values."""
    return len(body) - len(body.translate(None, BEFORE_VALUES))


def pruned(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return `value` with at most some `FEW` values in it, those nearest to the top; changes it in place.

    Level by level, each list and object is shortened, and emptied once there are enough.
    """
    root = [value]
    waiting = deque[tuple[Any, int]]([(root, 0)])
    room = FEW
    while waiting:
        holder, depth = waiting.popleft()
        shorten(holder, LONGEST if room > 0 and depth < DEEPEST else 0)
        room -= len(holder)
        inner = holder.values() if isinstance(holder, dict) else holder
        waiting.extend((each, depth + 1) for each in inner if isinstance(each, dict | list))
    return root[0]


def shorten(holder: dict[str, Any] | list[Any], most: int) -> None:
    """Take out what is too much: of a list the middle, of an object the last keys."""
    if len(holder) <= most:
        return
    if isinstance(holder, list):
        del holder[min(FIRST, most) : len(holder) - max(most - FIRST, 0)]
    else:
        for key in list(holder)[most:]:
            del holder[key]
