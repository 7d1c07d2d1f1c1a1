"""The name beside each value of a JSON object or list, in the shapes in which people write pairs.

That is the key, in `{"key": …, "value": …}` the other one's text, in a list of two texts the first, and in a command
the flag before. What a name says about its value is for `redaction` to judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

MOST = 100
"""Items of an object that are looked at for one that names another."""
NAMES = frozenset({"name", "key", "k", "header", "field", "param", "parameter", "property", "variable", "attribute"})
VALUES = frozenset({"value", "val", "v", "content", "default", "input", "received", "rejectedvalue", "rejected_value"})
PAIR = 2
QUOTES = "'\""

Item = tuple[str | None, str | None, object]


def named_values(holder: dict[str, object] | list[object]) -> Iterator[Item]:
    """Yield for each item its key, if it has one, the name that describes it, and its value."""
    return _of_object(holder) if isinstance(holder, dict) else _of_list(holder)


def _of_object(holder: dict[str, object]) -> Iterator[Item]:
    first = islice(holder.items(), MOST)
    told = next((each for key, each in first if key.lower() in NAMES and isinstance(each, str)), None)
    for key, each in holder.items():
        yield key, told if told and key.lower() in VALUES else key, each


def _of_list(holder: list[object]) -> Iterator[Item]:
    before: object = None
    for each in holder:
        is_name = isinstance(before, str) and (len(holder) == PAIR or before.lstrip(QUOTES).startswith("-"))
        yield None, str(before) if is_name else None, each
        before = each
