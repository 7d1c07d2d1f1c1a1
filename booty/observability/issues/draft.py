"""An issue that is yet to be created, with the marker by which it is found again."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKER = re.compile(r"<!-- booty:fingerprint=([A-Za-z0-9_.:-]{1,128}) event=([A-Za-z0-9_.:-]{1,64}) -->")


@dataclass(frozen=True, slots=True)
class Marker:
    """What tells an issue of ours from all others: the fingerprint and the event of its alert."""

    fingerprint: str
    event: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An issue, ready to be created; `marker` is the last line of `body`."""

    title: str
    body: str
    labels: tuple[str, ...]
    marker: str


def marker_of(body: str) -> Marker | None:
    """Read the marker of an issue's `body`; only the last line counts, for any other may be anybody's text.

    GitHub may have given the body other line ends, and taken spaces off its end.
    """
    last = re.split(r"[\r\n]", body.rstrip(" \t\r\n"))[-1]
    found = MARKER.fullmatch(last)
    return Marker(fingerprint=found[1], event=found[2]) if found else None


def is_of_rule(body: str, fingerprint: str) -> bool:
    """Return whether an issue of ours belongs to a problem, or to a firing of that rule (from an older release)."""
    marker = marker_of(body)
    return marker is not None and f"{marker.fingerprint}:".startswith(f"{fingerprint}:")
