"""JSON from outside, read into models that no value can break.

A field that is absent, null, of another type or out of range becomes None; an item of a list that does not fit is left
out. `NaN`, `Infinity` and numbers beyond a double are no values, wherever they stand. This module knows nothing of
Sentry.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, OnErrorOmit, ValidationError
from pydantic_core import CoreSchema, core_schema

LARGEST = 10**308
"""What lies beyond is no double, and many a reader of JSON makes `Infinity` of it."""


class NotAnObject(ValueError):
    """The text is not JSON, nests too deeply to be read, or is no JSON object."""


class Lenient(BaseModel):
    """A model that keeps only the fields that it names."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


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
Position = Annotated[Annotated[int, Field(gt=0, lt=2**31)] | None, _OrElse(None)]
"""A line or column, counted from one."""

M = TypeVar("M", bound=Lenient)


def as_text(value: object) -> str | None:
    """Return a plain value of any JSON as text, as a field of type `Word` takes it; None when it is none."""
    if isinstance(value, bool | str):
        return str(value)
    is_number = isinstance(value, int | float) and -LARGEST <= value <= LARGEST  # false of NaN
    return str(value) if is_number else None


def read(model: type[M], body: bytes) -> M:
    """Return the object that `body` holds as `model`, raise NotAnObject when it holds none."""
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return _read_odd(model, body)


def _read_odd(model: type[M], body: bytes) -> M:
    r"""Read what pydantic's fast parser refuses though Python can: `\ud800`, a BOM, broken UTF-8, 201 levels."""
    try:
        value = _loads(body.decode("utf-8-sig", "replace"))
        # Half a surrogate pair cannot be written as UTF-8: going there and back puts a question mark in its place.
        whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return model.model_validate(_loads(whole.decode()))
    except (ValueError, RecursionError) as error:
        raise NotAnObject from error


def _loads(text: str) -> Any:  # noqa: ANN401 - JSON can be anything, and goes straight into a model
    return json.loads(text, strict=False, parse_int=_integer, parse_float=_finite, parse_constant=lambda _: None)


def _integer(digits: str) -> int | None:
    """Python refuses to read an integer of more than 4300 digits."""
    return int(digits) if len(digits) <= len(str(-LARGEST)) else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if isfinite(number) else None
