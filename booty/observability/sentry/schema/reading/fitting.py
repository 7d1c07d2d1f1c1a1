"""JSON read as types say, whatever was sent: what is absent, null, of another type or out of range is left out.

Nearly always all of it fits, and msgspec reads it in one go. This module knows nothing of Sentry.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import Any, TypeVar

from msgspec import Raw, defstruct
from msgspec.json import Decoder, decode

from booty.observability.sentry.schema.cutting import ONE_AT_A_TIME, cut
from booty.observability.sentry.schema.pruning import FEW, is_slight
from booty.observability.sentry.schema.reading import typed
from booty.observability.sentry.schema.reading.by_part import fitted, loosely
from booty.observability.sentry.schema.reading.by_path import Picked, pick
from booty.observability.sentry.schema.reading.repair import NotAnObject, in_utf8, loads, rewritten
from booty.observability.sentry.schema.reading.typed import Typed
from booty.observability.typed_json.decoding import UNFIT

LEAST = len("{},")
"""Bytes of an item that fits: without looking for them, no more than that many are made of so short a part."""
MEMBERS = Decoder(dict[str, Raw])

T = TypeVar("T")
S = TypeVar("S", bound=Typed)
P = TypeVar("P", bound=Picked)


def read(kind: type[S], body: bytes) -> S:
    """Return the object that `body` holds as `kind`, raise NotAnObject when it holds none."""
    try:
        found: S = fitted(kind, in_utf8(body))
    except UNFIT:
        found = _reread(partial(fitted, kind), body)
    return found


def members(body: bytes) -> dict[str, Raw]:
    """Return the members of the object that `body` holds, as they were sent; raise NotAnObject when it holds none."""
    try:
        return MEMBERS.decode(in_utf8(body))
    except UNFIT:
        return _reread(MEMBERS.decode, body)


def _reread(reader: Callable[[bytes], T], body: bytes) -> T:
    """Return what is read of what Python makes of it."""
    try:
        return reader(rewritten(body))
    except UNFIT as error:
        raise NotAnObject from error


def part(kind: type[T], raw: Raw) -> T | None:
    """Return a part that `read` left as it was, None when there is none or it does not fit at all.

    Of a list of very many values only both ends are looked at.
    """
    if not raw:
        return None
    json = bytes(raw)
    found: T | None = None
    try:
        if len(json) < LEAST * FEW or is_slight(json):
            found = fitted(kind, json)
        else:
            with ONE_AT_A_TIME:
                found = loosely(kind, json, FEW)
    except UNFIT:
        return None
    return found


def several(kind: type[T], raw: Raw) -> tuple[T, ...]:
    """Return the items of a list, none when it is not one."""
    return part(tuple[kind, ...], raw) or ()  # type: ignore[valid-type] # a type that is made at run time


def pairs(raw: Raw) -> tuple[tuple[str, str], ...]:
    """Return the items of a list of lists, those of two texts."""
    found: tuple[tuple[str, str], ...] | None = part(tuple[typed.Pair, ...], raw)
    return found or ()


def values(kind: type[T], raw: Raw) -> tuple[T, ...]:
    """Return the items of a list, or of the one in an object's `values`."""
    if not bytes(raw).startswith(b"{"):
        return several(kind, raw)
    found = part(_holding(kind), raw)  # type: ignore[arg-type] # a type is hashable
    return found.values if found else ()


@cache
def _holding(kind: Any) -> Any:  # noqa: ANN401 - types
    """Return an object that holds a list in its `values`; a generic one, Python would make and hash each time."""
    return defstruct("Values", [("values", tuple[kind, ...], ())], bases=(Typed,), gc=False)


def mapping(raw: Raw) -> dict[str, Any]:
    """Return an object of any keys, an empty one when it is none."""
    return _object(raw) or {}


def picked(kind: type[P], raw: Raw) -> P | None:
    """Return a part of which values deep within are wanted."""
    return pick(kind, _object(raw))


def _object(raw: Raw) -> Any:  # noqa: ANN401 - an object of any keys, None when it is none
    json = bytes(raw)
    if not json.startswith(b"{"):
        return None
    with suppress(*UNFIT):
        try:
            return decode(json := cut(json))
        except UNFIT:  # what only Python reads, such as a number beyond a double
            return loads(json.decode())
    return None
