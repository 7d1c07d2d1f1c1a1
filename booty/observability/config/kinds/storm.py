"""What a storm is: so many problems in such a time."""

from __future__ import annotations

import re
from typing import Annotated

from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.config_errors import Unusable

FORM = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,4})([smh])", re.ASCII)
SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
LONGEST_SECONDS = 24 * 3600.0


def _limit(text: str) -> StormLimit | None:
    """Read `30/10m`, or `0` for never."""
    if text == "0":
        return None
    found = FORM.fullmatch(text)
    if found is None or int(found[2]) * SECONDS[found[3]] > LONGEST_SECONDS:
        raise Unusable("is not a number of problems in a time of at most a day")
    return StormLimit(int(found[1]), int(found[2]) * SECONDS[found[3]])


Storm = Annotated[StormLimit | None, _limit]
