"""GitHub's JSON read as types say, which name only the keys that are used.

Nearly always all of it fits, and is read in one go; else part by part, so that what is odd spoils no more than it must.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from msgspec import Meta, Raw, Struct

from booty.observability.typed_json.decoding import by_field, decoder

T = TypeVar("T")
_BEST_EFFORT = Meta(extra={"best_effort": True})
BestEffort = Annotated[T, _BEST_EFFORT]
"""What is not worth losing the rest for: a value that does not fit counts as missing, an item as not in the list."""
MOST_PARTS = 100_000
"""Of an answer that is read part by part, an object is made of each; a full page of issues has a tenth as many."""


class Content(Struct, frozen=True, gc=False):
    """Some keys of an object. Nothing that JSON holds leads back to itself, so Python need not look for that."""


def fitted(kind: type[T], json: bytes) -> T:
    """Return what `json` holds. Raises one of `UNFIT`."""
    found: T
    try:
        found = decoder(kind).decode(json)  # type: ignore[arg-type] # a type is hashable
    except ValueError:
        if json.count(b",") > MOST_PARTS:
            raise
        found = _by_part(kind, json)
    return found


def _by_part(kind: Any, json: bytes | Raw) -> Any:  # noqa: ANN401 - a type, and a value of it
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if get_origin(bare) in {Union, UnionType} and bytes(json).lstrip().startswith(b"{"):
        bare = next(filter(_is_content, get_args(bare)), bare)
    if _is_content(bare):
        sent = by_field(bare, json)
        return bare(**{name: part for name, inner, raw in sent if raw for part in _part(inner, raw)})
    if (holder := get_origin(bare)) in {list, tuple}:
        inner = get_args(bare)[0]
        return holder(part for raw in decoder(list[Raw]).decode(json) for part in _part(inner, raw))
    return decoder(kind, is_strict=False).decode(json)


def _part(kind: Any, raw: Raw) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield it, or nothing where it does not fit and is not needed."""
    try:
        yield decoder(kind).decode(raw)
    except ValueError:
        try:
            yield _by_part(kind, raw)
        except ValueError:
            if _BEST_EFFORT not in get_args(kind):
                raise


def _is_content(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Content)
