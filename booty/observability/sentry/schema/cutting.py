"""The text of JSON with too many values in it, cut down to one with few.

Of what goes no objects are made. A million of them would be 50 MB, and what other threads make beside them, and then
keep, would hold much of that memory for ever.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from itertools import islice
from threading import Lock
from typing import Any

from msgspec import Raw, defstruct, structs
from msgspec.json import Decoder, encode

from booty.observability.sentry.schema.pruning import FEW, FIRST, LONGEST, is_slight, shorten, values_in
from booty.observability.typed_json.decoding import UNFIT

DEEPEST = 12
"""Levels of what holds too many values; the variables of a frame are on the tenth."""
WINDOW, START, TRIES = 4096, 65_536, 20
"""Bytes of a list's end in which whole items are looked for first, of an object's start; how many places are tried."""

_ITEMS, _MEMBERS = Decoder(list[Raw]), Decoder(dict[str, Raw])
ONE_AT_A_TIME = Lock()
"""Held while too many values are looked at: the alerts beside share the CPU with one such body, not with twelve."""


@cache
def _front() -> Decoder[Any]:
    """Return what reads so many items of a list, and passes over all others; hardly ever needed, and large."""
    names = [(f"at{number}", Raw, Raw()) for number in range(LONGEST)]
    return Decoder(defstruct("Front", names, array_like=True, gc=False))


def cut(json: bytes, room: int = FEW) -> bytes:
    """Return `json` with at most some `room` values in it; raises one of `UNFIT`: it is none.

    What has few values keeps them, what has many shares the rest.
    """
    if is_slight(json, room):
        return json
    with ONE_AT_A_TIME:
        return _cut(json, room, 0)


def _cut(json: bytes, room: int, depth: int) -> bytes:
    if values_in(json) < room or not json.startswith((b"[", b"{")):
        return json
    most = min(LONGEST, room) if depth < DEEPEST else 0
    found: Any = members(json, most) if json.startswith(b"{") else dict(enumerate(ends(json, most)))
    parts = sorted(((bytes(raw), name) for name, raw in found.items()), key=lambda part: values_in(part[0]))
    room -= len(parts)
    for left, (part, name) in zip(range(len(parts), 0, -1), parts, strict=True):
        kept = _cut(part, max(room // left, 0), depth + 1)
        room -= values_in(kept)
        found[name] = Raw(kept)
    return encode(found if json.startswith(b"{") else list(found.values()))


def members(json: bytes, most: int) -> dict[str, Raw]:
    """Return the first members of the object in `json`; raises one of `UNFIT`."""
    found = _whole_members(json[:START])
    if len(found) < most:  # then nearly always there are few, of which one is large
        found = dict(islice(_MEMBERS.decode(json).items(), most))
    shorten(found, most)
    return found


def _whole_members(start: bytes) -> dict[str, Raw]:
    """Return the members in the `start` of an object, which ends amid one; none if its beginning is not found."""
    at = len(start)
    for _ in range(TRIES):
        if (at := start.rfind(b",", 0, at)) < 0:
            break
        with suppress(*UNFIT):
            return _MEMBERS.decode(start[:at] + b"}")
    return {}


def ends(json: bytes, most: int) -> list[Raw]:
    """Return the items of the list in `json`, shortened to `most`, which is at most `LONGEST`.

    Raises one of `UNFIT`: it is none.
    """
    front = [each for each in structs.astuple(_front().decode(json)) if bytes(each)]
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
        with suppress(*UNFIT):
            rest = b"[" + end[at + 1 :]
            _front().decode(rest)
            return _ITEMS.decode(rest)
    return []
