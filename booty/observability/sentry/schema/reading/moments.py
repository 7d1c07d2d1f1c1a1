"""Times as others write them: as text in the forms of RFC 3339, or as seconds or milliseconds since 1970."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from msgspec import MsgspecError, convert

USUAL = len("2026-11-26T12:00:00.000000Z")
"""Characters of a time as the SDKs write it; what is finer is cut off below, where msgspec rounds it."""
LONGEST = 64
"""Characters of a time; what is longer is none."""
DATED = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt _](?!24)\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:[Zz]|[+\u2212-]\d\d:?[0-5]\d)?)?", re.ASCII
)
"""A date alone is its midnight. Python reads other forms as well, such as weeks."""
COUNTED = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_SECONDS = 20_000_000_000
"""What is more counts milliseconds; as seconds that would be the year 2603."""


def moment(sent: object) -> datetime | None:
    """Return the time that a text or a number tells, None when it tells none; one without a zone has none."""
    if isinstance(sent, str):
        if len(sent) <= USUAL and sent.endswith("Z"):  # nearly always
            try:
                return convert(sent, datetime)
            except MsgspecError:
                pass  # another form; `suppress` would take twice as long as all of it
        return _written(sent) if len(sent) <= LONGEST else None
    return _counted(sent) if isinstance(sent, int | float) and not isinstance(sent, bool) else None


def _written(sent: str) -> datetime | None:
    if COUNTED.fullmatch(sent):
        return _counted(float(sent))
    if DATED.fullmatch(sent):
        with suppress(ValueError):
            return datetime.fromisoformat(sent.upper().replace("\u2212", "-"))
    return None


def _counted(number: float) -> datetime | None:
    with suppress(OverflowError, ValueError):
        is_finer = abs(number) > MOST_SECONDS
        return EPOCH + (timedelta(milliseconds=number) if is_finer else timedelta(seconds=number))
    return None
