"""JSON from outside, read into models that no value can break.

A field that is absent, null, of another type or out of range becomes None; an item of a list that does not fit is left
out. What this module does not do: know anything of Sentry.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, OnErrorOmit, ValidationError
from pydantic_core import CoreSchema, core_schema

LONGEST_INTEGER = 100  # digits; Python refuses to read an integer of more than 4300


class NotAnObject(ValueError):
    """The text is not JSON, nests too deeply to be read, or is no JSON object."""


class Lenient(BaseModel):
    """A model whose text fields take numbers as well; it keeps only the fields that it names."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class _OrElse:
    """Take `fallback` for whatever does not fit. It stays inside pydantic's core: no Python runs for a field."""

    fallback: object

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(handler(source), default=self.fallback, on_error="default")


T = TypeVar("T")
Maybe = Annotated[T | None, _OrElse(None)]
Several = Annotated[tuple[OnErrorOmit[T], ...], _OrElse(())]
Text = Annotated[str | None, _OrElse(None)]
Moment = Annotated[datetime | None, _OrElse(None)]
Flag = Annotated[bool, _OrElse(fallback=False)]
Position = Annotated[Annotated[int, Field(gt=0, lt=2**31)] | None, _OrElse(None)]
"""A line or column, counted from one."""

M = TypeVar("M", bound=Lenient)


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
    return json.loads(text, strict=False, parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)
