"""JSON from outside, read into models that no value can break.

A field that is absent, null, of another type or out of range becomes None; an item of a list that does not fit is left
out. `NaN`, `Infinity` and numbers beyond a double are not values, wherever they are. This module knows nothing of
Sentry.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, OnErrorOmit
from pydantic_core import CoreSchema, core_schema

from booty.observability.sentry.schema.cutting import UNREADABLE, cut
from booty.observability.sentry.schema.reading.repair import rewritten

LARGEST = 10**308
"""What lies beyond is not a double; many readers of JSON turn it into `Infinity`."""


class NotAnObject(ValueError):
    """The text is not JSON, nests too deeply to be read, or is not a JSON object."""


class Lenient(BaseModel):
    """A model that keeps only the fields that it names."""

    # What pydantic remembers of texts, to find the same ones again, is 16,384 of them, spread over all of its memory.
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, cache_strings="none")


@dataclass(frozen=True, slots=True)
class _OrElse:
    """Take `fallback` for whatever does not fit. It stays inside pydantic's core: no Python runs for a field."""

    fallback: object

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(handler(source), default=self.fallback, on_error="default")


class _TextOrNumber:
    """Take a text, or a finite number as text. It stays inside pydantic's core: no Python runs for a field."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        numbers = (
            core_schema.int_schema(strict=True, ge=-LARGEST, le=LARGEST),
            core_schema.float_schema(strict=True, allow_inf_nan=False),
        )
        as_text = core_schema.str_schema(coerce_numbers_to_str=True)
        return core_schema.union_schema(
            [core_schema.str_schema(strict=True), *(core_schema.chain_schema([each, as_text]) for each in numbers)],
            mode="left_to_right",
        )


T = TypeVar("T")
Word = Annotated[str, _TextOrNumber]
Maybe = Annotated[T | None, _OrElse(None)]
Several = Annotated[tuple[OnErrorOmit[T], ...], _OrElse(())]
Text = Annotated[Word | None, _OrElse(None)]
Number = Annotated[Annotated[float, Field(allow_inf_nan=False)] | None, _OrElse(None)]
Moment = Annotated[datetime | None, _OrElse(None)]
Flag = Annotated[bool, _OrElse(fallback=False)]
MaybeFlag = Maybe[bool]
Whole = Maybe[Annotated[int, Field(ge=-(2**63), lt=2**63)]]
Count = Annotated[Annotated[int, Field(ge=0, lt=2**53)] | None, _OrElse(None)]
Position = Annotated[Annotated[int, Field(gt=0, lt=2**31)] | None, _OrElse(None)]
"""A line or column, counted from one."""

M = TypeVar("M", bound=Lenient)


def as_text(value: object) -> str | None:
    """Return a plain value of any JSON as text, as a field of type `Word` takes it; None when it is none."""
    if isinstance(value, str):  # nearly always
        return value
    if isinstance(value, bool):
        return str(value)
    is_number = isinstance(value, int | float) and -LARGEST <= value <= LARGEST  # false of NaN
    return str(value) if is_number else None


def read(model: type[M], body: bytes) -> M:
    """Return the object that `body` holds as `model`, raise NotAnObject when it holds none.

    Of a body that is made of very many values, only as many are looked at as `cutting` leaves.
    """
    with suppress(*UNREADABLE):  # pydantic's ValidationError is a ValueError
        return model.model_validate_json(cut(body))
    try:
        return model.model_validate_json(rewritten(body))
    except UNREADABLE as error:
        raise NotAnObject from error
