"""JSON with too many values in it, cut down to as many as can be looked at in time.

Parsing is fast, looking at each value is not: 300 kB can hold 100,000 empty objects. What goes is what nests deepest
and what is in the middle of the longest lists; an event of a real program loses nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from operator import itemgetter
from typing import Any, TypeVar

FEW = 10_000
"""Values; a body with less than so many is read as it is, a larger one is cut down to it."""
LONGEST = 250
"""Items of a list, and keys of an object; Sentry itself keeps fewer frames, breadcrumbs and tags than that."""
FIRST = 100
"""Items of a list that is too long that are kept from its beginning; the others are its last ones."""
BEFORE_VALUES = b",[{"
DEEPEST = 100
"""Levels; Sentry nests some fifteen."""

T = TypeVar("T")


def is_slight(body: bytes, few: int = FEW) -> bool:
    """Return whether the JSON in `body` holds less than `few` values, and need not be cut down.

    The count may be too high: a comma in a text counts like one between values.
    """
    return len(body) < few or len(body) - len(body.translate(None, BEFORE_VALUES)) < few


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


def ends(decode: Callable[[bytes], list[T]], json: bytes, most: int) -> list[T]:
    """Return the list that `decode` makes of `json`, shortened to `most`.

    The whole one, which can be a million items, is gone before another thread runs: what such a one made meanwhile, and
    then kept, would hold some of that memory for ever. So all is done within one call of `next`, without any Python.
    """
    first, last = min(FIRST, most), max(most - FIRST, 0)
    parts = itemgetter(slice(first), slice(first, most), slice(-last - 1, None))
    front, following, back = next(map(parts, map(decode, [json])))
    return [*front, *(following if len(following) < last else back[1:])]
