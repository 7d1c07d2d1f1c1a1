"""What the readers of Sentry's JSON are held to: pydantic models that no value can break.

A field that is absent, null, of another type or out of range becomes None; an item of a list that does not fit is left
out. `NaN`, `Infinity` and numbers beyond a double are not values, wherever they are.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, OnErrorOmit
from pydantic_core import CoreSchema, core_schema

from booty.observability.sentry.schema.cutting import cut
from booty.observability.sentry.schema.reading.plain import LARGEST
from booty.observability.sentry.schema.reading.repair import NotAnObject, rewritten
from booty.observability.typed_json.decoding import UNFIT


class Lenient(BaseModel):
    """A model that keeps only the fields that it names."""

    model_config = ConfigDict(extra="ignore")


@dataclass(frozen=True, slots=True)
class _OrElse:
    """Take `fallback` for whatever does not fit."""

    fallback: object

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(handler(source), default=self.fallback, on_error="default")


class _TextOrNumber:
    """Take a text, or a finite number as text."""

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
Number = Maybe[Annotated[float, Field(allow_inf_nan=False)]]
Moment = Maybe[datetime]
Flag = Maybe[bool]
Whole = Maybe[Annotated[int, Field(ge=-(2**63), lt=2**63)]]
Count = Maybe[Annotated[int, Field(ge=0, lt=2**53)]]
Position = Maybe[Annotated[int, Field(gt=0, lt=2**31)]]

M = TypeVar("M", bound=Lenient)


def read(model: type[M], body: bytes) -> M:
    """Return the object that `body` holds as `model`, raise NotAnObject when it holds none."""
    with suppress(*UNFIT):  # pydantic's ValidationError is a ValueError
        return model.model_validate_json(cut(body))
    try:
        return model.model_validate_json(rewritten(body))
    except UNFIT as error:
        raise NotAnObject from error
