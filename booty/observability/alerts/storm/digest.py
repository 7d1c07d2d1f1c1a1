"""A digest: the problems of a storm that share one issue."""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.alerts.alert import Alert

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A problem in it: how often it was seen, first and last (unix seconds); `issue` is one of its own, if it has."""

    alert: Alert
    count: int
    first_seen: float
    last_seen: float
    issue: int | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What the issue says: the `rows` that are shown of `total` problems; `name` tells it from other digests.

    `most` new problems in `seconds` are filed one by one; where it is 0, all are by now. `is_over`: none was put into
    it for as long.
    """

    name: str
    rows: tuple[Row, ...]
    total: int
    most: int
    seconds: float
    is_over: bool
