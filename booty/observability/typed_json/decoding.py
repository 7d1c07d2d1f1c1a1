"""msgspec's readers of JSON, made once for each type: one of all of it, one that leaves each key as it was sent."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

import msgspec
from msgspec import Raw
from msgspec.structs import fields

UNFIT = (ValueError, RecursionError)
"""What says that JSON is not of a type, or not JSON; msgspec's own errors are ValueErrors."""
_MAKING = Lock()


@cache
def decoder(kind: Any, *, is_strict: bool = True) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - a type
    """Return what reads a type; one is made at a time, else msgspec reads by one that is half made, and crashes.

    One that is not strict takes what means the same: a number as text, 1 as true, a time as unix seconds.
    """
    with _MAKING:
        return msgspec.json.Decoder(kind, strict=is_strict)


def by_field(kind: Any, json: bytes | Raw) -> list[tuple[str, Any, Raw]]:  # noqa: ANN401 - a type, and its fields' types
    """Return the fields of a struct's type: the name, the type, what `json` holds for it, empty where it is missing.

    Raises one of `UNFIT`: it holds no object, or one without a field that has no default.
    """
    sent = decoder(_skeleton(kind)).decode(json)
    return [(name, inner, getattr(sent, name)) for name, inner in _types(kind)]


@cache
def _types(kind: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401 - types
    """Return each field's name and type; to find them, msgspec evaluates annotations each time."""
    return tuple((each.name, each.type) for each in fields(kind))


@cache
def _skeleton(kind: Any) -> Any:  # noqa: ANN401 - types
    """Return a type of the same keys, each left as it was sent."""
    keys = [
        (each.name, Raw, msgspec.field(name=each.encode_name, **({} if each.required else {"default": Raw()})))
        for each in fields(kind)
    ]
    return msgspec.defstruct("Skeleton", keys, gc=False, kw_only=True)
