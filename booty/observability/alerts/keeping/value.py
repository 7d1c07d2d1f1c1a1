"""Frozen values that are stored as records: JSON of what is not as it is by default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Self

from msgspec import Struct, ValidationError, convert, json, to_builtins
from msgspec.structs import fields, replace

PLACE = re.compile(r"at `\$(?P<place>[^`]*)`")
MOST_FAULTS = 5


class Unreadable(ValueError):
    """A record is not one of such a value; names the fields, and holds nothing that was stored in them."""

    def __init__(self, *fields: str) -> None:
        """Name the fields, none where it is no record at all."""
        super().__init__(*fields)
        self.fields = list(fields)


class Value(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A frozen value. It takes what it is made of as it is: only `read` looks whether that fits."""

    @classmethod
    def read(cls, record: object) -> Self:
        """Return the value in a record; fields that it does not know are ignored. Raises `Unreadable`."""
        try:
            return convert(record, cls)
        except ValidationError:
            faults = _faults(cls, record) if isinstance(record, dict) else iter(())
            raise Unreadable(*islice(faults, MOST_FAULTS)) from None  # whose words hold what was stored

    def record(self) -> dict[str, Any]:
        """Return the value as a record, of which nothing is shared."""
        try:
            record: dict[str, Any] = json.decode(json.encode(self))
        except UnicodeEncodeError:  # half a surrogate pair, which no text in UTF-8 has
            record = _with_lists(to_builtins(self))
        return record

    def but(self, **changes: Any) -> Self:  # noqa: ANN401 - what its fields take
        """Return the value with some fields changed."""
        return replace(self, **changes)


def _faults(kind: type[Value], record: dict[str, Any]) -> Iterator[str]:
    """Yield the fields that are missing, or do not fit."""
    for each in fields(kind):
        if each.name not in record:
            yield from [each.name] if each.required else []
            continue
        try:
            convert(record[each.name], each.type)
        except ValidationError as error:
            place = PLACE.search(str(error))
            yield f"{each.name}{place['place'] if place else ''}"


def _with_lists(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {name: _with_lists(each) for name, each in value.items()}
    return [_with_lists(each) for each in value] if isinstance(value, tuple | list) else value
