"""GitHub's JSON read as types say, which name only the keys that are used.

Nearly always all of it fits, and is read in one go; else part by part, so that what is odd spoils no more than it must.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from threading import Lock
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.structs import fields

T = TypeVar("T")
_BEST_EFFORT = Meta(extra={"best_effort": True})
BestEffort = Annotated[T, _BEST_EFFORT]
"""What is not worth losing the rest for: a value that does not fit counts as missing, an item as not in the list."""
UNFIT = (ValueError, RecursionError)
"""What says that JSON is not of a type; msgspec's own errors are ValueErrors."""
MOST_PARTS = 100_000
"""Of an answer that is read part by part, an object is made of each; a full page of issues has a tenth as many."""
_MAKING = Lock()


class Content(Struct, frozen=True, gc=False):
    """Some keys of an object. Nothing that JSON holds leads back to itself, so Python need not look for that."""


def fitted(kind: type[T], json: bytes) -> T:
    """Return what `json` holds. Raises one of `UNFIT`."""
    found: T
    try:
        found = _in_one_go(kind, json)
    except ValueError:
        if json.count(b",") > MOST_PARTS:
            raise
        found = _by_part(kind, json)
    return found


def _in_one_go(kind: Any, json: bytes | Raw) -> Any:  # noqa: ANN401 - a type, and a value of it
    return _decoder(kind).decode(json)


def _by_part(kind: Any, json: bytes | Raw) -> Any:  # noqa: ANN401 - a type, and a value of it
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if get_origin(bare) in {Union, UnionType} and bytes(json).lstrip().startswith(b"{"):
        bare = next(filter(_is_content, get_args(bare)), bare)
    if _is_content(bare):
        sent = _in_one_go(_skeleton(bare), json)
        parts = ((name, inner, getattr(sent, name)) for name, inner in _fields(bare))
        return bare(**{name: part for name, inner, raw in parts if raw for part in _part(inner, raw)})
    if (holder := get_origin(bare)) in {list, tuple}:
        inner = get_args(bare)[0]
        return holder(part for raw in _in_one_go(list[Raw], json) for part in _part(inner, raw))
    return _decoder(kind, is_strict=False).decode(json)


def _part(kind: Any, raw: Raw) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield it, or nothing where it does not fit and is not needed."""
    try:
        yield _in_one_go(kind, raw)
    except ValueError:
        try:
            yield _by_part(kind, raw)
        except ValueError:
            if _BEST_EFFORT not in get_args(kind):
                raise


def _is_content(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Content)


@cache
def _decoder(kind: Any, *, is_strict: bool = True) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - a type
    """Return what reads a type; one is made at a time, else msgspec reads by one that is half made, and crashes.

    One that is not strict takes what means the same: a number as text, 1 as true, a time as unix seconds.
    """
    with _MAKING:
        return msgspec.json.Decoder(kind, strict=is_strict)


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401 - types
    """Return a type's fields, each with its own type; to find them, msgspec evaluates annotations each time."""
    return tuple((each.name, each.type) for each in fields(kind))


@cache
def _skeleton(kind: Any) -> Any:  # noqa: ANN401 - types
    """Return a type of the same keys, each left as it was sent; empty where it may be missing and is."""
    keys = [
        (each.name, Raw, msgspec.field(name=each.encode_name, **({} if each.required else {"default": Raw()})))
        for each in fields(kind)
    ]
    return msgspec.defstruct("Skeleton", keys, gc=False, kw_only=True)
