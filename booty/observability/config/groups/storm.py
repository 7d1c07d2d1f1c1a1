"""The setting that says what a storm is."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from booty.observability.alerts.storm.limit import StormLimit

FORM = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,4})([smh])", re.ASCII)
SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
LONGEST_SECONDS = 24 * 3600.0


def read_limit(text: object) -> StormLimit | None:
    """Read `30/10m`, or `0` for never. Raises `PydanticCustomError`."""
    if text is None or isinstance(text, StormLimit) or text == "0":
        return text if isinstance(text, StormLimit) else None
    found = FORM.fullmatch(str(text))
    if found is None or int(found[2]) * SECONDS[found[3]] > LONGEST_SECONDS:
        raise PydanticCustomError("storm", "is not a number of problems in a time of at most a day")
    return StormLimit(int(found[1]), int(found[2]) * SECONDS[found[3]])


class StormSettings(BaseModel, defer_build=True):
    """What can be set of it."""

    storm: Annotated[StormLimit | None, BeforeValidator(read_limit)] = Field(StormLimit(30, 600.0), alias="OBSV_STORM")
    """How many new problems are filed one by one, in how long; None: all of them."""
