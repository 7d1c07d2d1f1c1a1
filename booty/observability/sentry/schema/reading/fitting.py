"""JSON read as types say; what does not fit is left out, as in `lenient`.

Nearly always all of it fits, and msgspec reads it in one go. This module knows nothing of Sentry.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from msgspec import MsgspecError, Raw, convert, defstruct
from pydantic_core import from_json

from booty.observability.sentry.schema import lenient
from booty.observability.sentry.schema.cutting import ONE_AT_A_TIME, cut
from booty.observability.sentry.schema.lenient import Lenient, NotAnObject
from booty.observability.sentry.schema.pruning import FEW, is_slight
from booty.observability.sentry.schema.reading import typed
from booty.observability.sentry.schema.reading.by_part import UNFIT, fitted, leaf, loosely
from booty.observability.sentry.schema.reading.repair import in_utf8, loads, rewritten
from booty.observability.sentry.schema.reading.typed import Typed

LEAST = len("{},")
"""Bytes of an item that fits: without looking for them, no more than that many are made of so short a part."""
USUAL = len("2026-11-26T12:00:00.000000Z")
"""Characters of a time as the SDKs write it: what is finer, the two readers round differently."""

T = TypeVar("T")
S = TypeVar("S", bound=Typed)
M = TypeVar("M", bound=Lenient)
_read_moment: Callable[[typed.Moment], datetime | None] = leaf(typed.Moment).validator.validate_python
"""Every event has a time. It is made once for all workers, before the fork; to find it by its type takes a while."""


def read(kind: type[S], body: bytes) -> S:
    """Return the object that `body` holds as `kind`, raise NotAnObject when it holds none."""
    try:
        found: S = fitted(kind, in_utf8(body))
    except (MsgspecError, RecursionError):
        try:
            found = fitted(kind, rewritten(body))
        except UNFIT as error:
            raise NotAnObject from error
    return found


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
    json = bytes(raw)
    if not json.startswith(b"{"):
        return {}
    with suppress(*UNFIT):
        return dict(_any(json))
    return {}


def model(kind: type[M], raw: Raw) -> M | None:
    """Return a part as a model of `lenient`."""
    if raw:
        with suppress(NotAnObject):
            return lenient.read(kind, bytes(raw))
    return None


def moment(sent: typed.Moment) -> datetime | None:
    """Return a time that was sent as text, or as unix seconds."""
    is_usual = isinstance(sent, str) and len(sent) <= USUAL and sent.endswith("Z")
    try:
        return convert(sent, datetime) if is_usual else _read_moment(sent)  # the same, by the reader of all else
    except MsgspecError:
        return _read_moment(sent)


def _any(json: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return from_json(json := cut(json), cache_strings="none")
    except ValueError:  # what pydantic's parser refuses though Python can read it, such as 201 levels
        return loads(json.decode())
