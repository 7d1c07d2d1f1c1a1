"""An object of which values deep within are wanted, each found by its path; what does not fit is left out.

All of it becomes objects first: it is for parts that are small, or rare. This module knows nothing of Sentry.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

from msgspec import Struct, field
from msgspec.json import decode
from msgspec.structs import fields

from booty.observability.sentry.schema.cutting import cut
from booty.observability.sentry.schema.reading.plain import READERS
from booty.observability.sentry.schema.reading.repair import NotAnObject, loads, rewritten
from booty.observability.typed_json.decoding import UNFIT

ABSENT = object()
FIRST = "0"
"""In a path: the first item of a list; there is no other."""


class Picked(Struct, gc=False):
    """Some values of an object. A field without a path is found by its own name."""


P = TypeVar("P", bound=Picked)
Path = tuple[str, tuple[str, ...]]
"""The first key, and the steps from what it holds."""


def at(*paths: str, default: Any = None) -> Any:  # noqa: ANN401 - a field of any type
    """Return a field that is found at the first of `paths` that is there, such as `alert_rule.id` or `sources.0.id`.

    What is there counts, also where it does not fit.
    """
    return field(name="|".join(paths), default=default)


def read(kind: type[P], body: bytes) -> P:
    """Return the object that `body` holds as `kind`, raise NotAnObject when it holds none.

    Of a body that is made of very many values, only as many are looked at as `cutting` leaves.
    """
    with suppress(*UNFIT):
        body = cut(body)
    if (found := pick(kind, _any(body))) is None:
        raise NotAnObject
    return found


def rows(kind: type[P], body: bytes) -> tuple[P, ...]:
    """Return the objects of the list that `body` holds, raise NotAnObject when it holds none."""
    found = _any(body)
    if not isinstance(found, list):
        raise NotAnObject
    return tuple([row for each in found if (row := pick(kind, each)) is not None])


def _any(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return decode(body)
    except UNFIT:
        try:
            return loads(rewritten(body).decode())
        except UNFIT as error:
            raise NotAnObject from error


def pick(kind: type[P], value: object) -> P | None:
    """Return what `value`, any JSON, holds as `kind`, None when it is not an object."""
    if not isinstance(value, dict):
        return None
    found = {}
    for name, reader, paths in _fields(kind):
        sent = _first(value, paths)
        if sent is not None and (fitting := reader(sent)) is not None:
            found[name] = fitting
    return kind(**found)


def _first(value: dict[str, Any], paths: tuple[Path, ...]) -> Any:  # noqa: ANN401 - any JSON
    for start, steps in paths:
        if start in value and (found := _within(value[start], steps) if steps else value[start]) is not ABSENT:
            return found
    return None


def _within(value: Any, steps: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step, ABSENT)
        else:
            value = value[0] if isinstance(value, list) and value and step == FIRST else ABSENT
    return value


def _several(reader: Callable[[Any], Any], value: object) -> tuple[Any, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple([found for each in value if (found := reader(each)) is not None])


@cache
def _fields(kind: type[Picked]) -> tuple[tuple[str, Callable[[Any], Any], tuple[Path, ...]], ...]:
    """Return a type's fields, each with what reads it and where it is found."""
    return tuple(
        (each.name, _reader(each.type), tuple(map(_path, each.encode_name.split("|")))) for each in fields(kind)
    )


def _path(text: str) -> Path:
    start, *steps = text.split(".")
    return start, tuple(steps)


def _reader(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a type
    if kind in READERS:
        return READERS[kind]
    if get_origin(kind) is tuple:
        return partial(_several, _reader(get_args(kind)[0]))
    if isinstance(kind, type):
        return partial(pick, kind)
    readers = [_reader(each) for each in get_args(kind) if each is not NoneType]
    return lambda value: next((found for each in readers if (found := each(value)) is not None), None)
