"""One JSON value read as a type says: in one go where all of it fits, else part by part.

A plain value that does not fit is read by `plain`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin

import msgspec
from msgspec import Raw
from msgspec.structs import fields

from booty.observability.sentry.schema.cutting import ends
from booty.observability.sentry.schema.pruning import FEW, LONGEST, is_slight
from booty.observability.sentry.schema.reading import plain, typed
from booty.observability.sentry.schema.reading.typed import Typed
from booty.observability.typed_json.decoding import UNFIT, by_field, decoder

Plain = str | int | float | bool | None


def fitted(kind: Any, json: bytes | Raw) -> Any:  # noqa: ANN401 - a type, and a value of it
    """Read in one go, else part by part. Raises one of `UNFIT`."""
    try:
        return decoder(kind).decode(json)
    except msgspec.ValidationError:
        return loosely(kind, json, FEW)


def loosely(kind: Any, json: bytes | Raw, room: int) -> Any:  # noqa: ANN401 - a type, and a value of it
    """Read part by part, at most some `room` items of lists, and those from both ends. Raises one of `UNFIT`."""
    if isinstance(kind, UnionType) and (inner := [each for each in get_args(kind) if _is_typed(each)]):
        return loosely(inner[0], json, room)
    if _is_typed(kind):
        parts = ((name, _or_none(inner, raw, room)) for name, inner, raw in by_field(kind, json))
        return kind(**{name: each for name, each in parts if each is not None})
    if get_origin(kind) is tuple and kind is not typed.Pair:
        text = bytes(json)
        items = decoder(list[Raw]).decode(text) if is_slight(text, room) else ends(text, min(LONGEST, room))
        parts = (_or_none(get_args(kind)[0], each, room // len(items)) for each in items)
        return tuple(each for each in parts if each is not None)
    return _plain(kind, json)


def _plain(kind: Any, json: bytes | Raw) -> Any:  # noqa: ANN401 - a type, and a value of it
    if kind is typed.Pair:
        pair = tuple(_plain(str, each) for each in decoder(tuple[Raw, Raw]).decode(json))
        return None if None in pair else pair
    return plain.READERS[kind](decoder(Plain).decode(json))


def _or_none(kind: Any, raw: Raw, room: int) -> Any:  # noqa: ANN401 - a type, and a value of it
    json = bytes(raw)
    if kind is Raw or not json:
        return raw if json else None
    with suppress(*UNFIT):
        return fitted(kind, json) if _is_flat(kind) or is_slight(json, room) else loosely(kind, json, room)
    return None


def _is_typed(kind: object) -> bool:
    kind = get_origin(kind) or kind
    return isinstance(kind, type) and issubclass(kind, Typed)


@cache
def _is_flat(kind: Any) -> bool:  # noqa: ANN401 - a type
    """Return whether a type holds no list: then reading it makes few objects, whatever it is read from."""
    held = [each.type for each in fields(kind)] if _is_typed(kind) else get_args(kind)
    return get_origin(kind) is not tuple and all(map(_is_flat, held))
