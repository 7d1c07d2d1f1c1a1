"""A length of time or a moment, as it is typed: `24h`, `7d`, `2026-11-26T08:00Z`."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import click

UNITS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
LENGTH = re.compile(r"(?P<number>\d{1,9})\s*(?P<unit>[a-z]+)")


class Since(click.ParamType[float]):
    """Reads how far to look back, and gives the moment in unix seconds."""

    name = "since"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the moment. Raises `UsageError`."""
        if isinstance(value, float):
            return value
        found = LENGTH.fullmatch(str(value).strip().lower())
        if found and found["unit"] in UNITS:
            return time.time() - int(found["number"]) * UNITS[found["unit"]]
        try:
            moment = datetime.fromisoformat(str(value))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no length, such as 24h or 7d, and no time, such as 2026-11-26T08:00Z", param, ctx)
