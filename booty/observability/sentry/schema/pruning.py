"""How many values of JSON can be looked at in time, which ones go where there are more.

Parsing is fast, looking at each value is not: 300 kB can hold 100,000 empty objects. What goes is in the middle of the
longest lists, or at the end of the largest objects; an event of a real program loses nothing.
"""

from __future__ import annotations

from typing import Any

FEW = 10_000
"""Values; a body with less than so many is read as it is, a larger one is cut down to it."""
LONGEST = 250
"""Items of a list, and keys of an object; Sentry itself keeps fewer frames, breadcrumbs and tags than that."""
FIRST = 100
"""Items of a list that is too long that are kept from its beginning; the others are its last ones."""
BEFORE_VALUES = b",[{"


def is_slight(body: bytes, few: int = FEW) -> bool:
    """Return whether the JSON in `body` holds less than `few` values, and need not be cut down."""
    return len(body) < few or values_in(body) < few


def values_in(body: bytes) -> int:
    """Return how many values the JSON in `body` holds, or more: a comma in a text counts like one between values."""
    return len(body) - len(body.translate(None, BEFORE_VALUES))


def shorten(holder: dict[str, Any] | list[Any], most: int) -> None:
    """Take out what is too much: of a list the middle, of an object the last keys."""
    if len(holder) <= most:
        return
    if isinstance(holder, list):
        del holder[min(FIRST, most) : len(holder) - max(most - FIRST, 0)]
    else:
        for key in list(holder)[most:]:
            del holder[key]
