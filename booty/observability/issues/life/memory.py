"""What the page of an issue still tells of its problem, for a ledger that was lost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from booty.observability.alerts.severity import RANK, Severity
from booty.observability.issues.draft import Marker, marker_of
from booty.observability.issues.life.counter import read_counter

LEVEL = "severity:"
RELEASE = re.compile(r", in release `([^`\n…]{1,100})`")
"""In the first sentence; a name with backticks or one that was cut is not known again."""


@dataclass(frozen=True, slots=True)
class Memory:
    """A problem's marker, its worst level by the labels; its alerts: how many, the first and the last (unix seconds).

    `releases` holds the first one's, if it can be told.
    """

    marker: Marker
    severity: Severity | None
    count: int
    first_seen: float
    last_seen: float
    releases: tuple[str, ...]


def recall(body: str, labels: tuple[str, ...], *, created_at: float, now: float) -> Memory | None:
    """Return what the page tells, None when it has no marker of ours. People may have edited any of it."""
    marker = marker_of(body)
    if marker is None:
        return None
    counted, first_seen, last_seen = read_counter(body) or (1, created_at, created_at)
    levels = [each for each in Severity if f"{LEVEL}{each}" in {label.lower() for label in labels}]
    return Memory(
        marker,
        severity=min(levels, key=RANK.__getitem__, default=None),
        count=max(counted, 1),
        first_seen=min(first_seen, created_at, now),
        last_seen=min(max(last_seen, created_at), now),
        releases=tuple(RELEASE.findall(body.partition("\n")[0])[-1:]),
    )
