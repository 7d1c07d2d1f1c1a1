"""JSON with too many values in it, cut down to as many as can be looked at in time.

Parsing is fast, looking at each value is not: 300 kB can hold 100,000 empty objects. What goes is what nests deepest
and what is in the middle of the longest lists; an event of a real program loses nothing.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import Any

from msgspec import Raw, defstruct, structs
from msgspec.json import Decoder

FEW = 10_000
"""Values; a body with less than so many is read as it is, a larger one is cut down to it."""
LONGEST = 250
"""Items of a list, and keys of an object; Sentry itself keeps fewer frames, breadcrumbs and tags than that."""
FIRST = 100
"""Items of a list that is too long that are kept from its beginning; the others are its last ones."""
BEFORE_VALUES = b",[{"
DEEPEST = 100
"""Levels; Sentry nests some fifteen."""
WINDOW, TRIES = 4096, 20
"""Bytes from the end of a list in which its last items are looked for at first, and how many places are tried."""

_FRONT = Decoder(defstruct("Front", [(f"at{n}", Raw, Raw()) for n in range(LONGEST)], array_like=True, gc=False))
"""Reads so many items of a list, and passes over all others without making objects of them."""
_ITEMS = Decoder(list[Raw])


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


def ends(json: bytes, most: int) -> list[Raw]:
    """Return the items of the list in `json`, shortened to `most`, which is at most `LONGEST`.

    Raises ValueError or RecursionError: it is none.

    No objects are made of what lies between, which can be a million items: what other threads make beside them, and
    then keep, would hold some of their memory for ever.
    """
    front = [each for each in structs.astuple(_FRONT.decode(json)) if bytes(each)]
    if len(front) < LONGEST:
        shorten(front, most)
        return front
    return [*front[: min(FIRST, most)], *(_last(json, most - FIRST) if most > FIRST else [])]


def _last(json: bytes, most: int) -> list[Raw]:
    """Return the last items of a list of more than `most`, read from its end in a window that grows."""
    size = WINDOW
    while size < len(json):
        found = _whole_items(json[-size:])
        if len(found) >= most:
            return found[-most:]
        size *= 2
    return _ITEMS.decode(json)[-most:]


def _whole_items(end: bytes) -> list[Raw]:
    """Return the items in the `end` of a list, which begins amid one; none if their beginning is not found.

    Behind a comma is a list only if the comma was between two items: one within an item leaves a bracket or a quote
    without its other half.
    """
    at = -1
    for _ in range(TRIES):
        if (at := end.find(b",", at + 1)) < 0:
            break
        with suppress(ValueError, RecursionError):
            rest = b"[" + end[at + 1 :]
            _FRONT.decode(rest)
            return _ITEMS.decode(rest)
    return []
