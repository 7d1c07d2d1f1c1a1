"""The lines of source around a call, redacted together: one secret may lie on several of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from booty.observability.alerts.keeping.safe import MOST_OF_ROOM, cost_of
from booty.observability.alerts.keeping.walk import Record, has_lines
from booty.observability.text.redaction import redact
from booty.observability.text.untrusted import clean

REMEMBERED_LINES = 20
"""How many calls' lines are remembered: an alert that has too much in it for `kept_alert` is looked at twice."""


def with_lines(record: Record) -> Iterator[Record]:
    """Yield the calls that bring the lines around them."""
    stacks = (record.get("stack", []), *(each.get("frames", []) for each in record.get("raised", [])))
    return (frame for frame in chain(*stacks) if has_lines(frame))


def redact_lines(frame: Record) -> int:
    """Redact a call's lines together, for a secret may begin on one and end on the next; return what that cost.

    Each stays a line. Lines that are too long for it are looked at one by one only, as all are afterwards.
    """
    before, source, after = frame.get("before", []), frame.get("source"), frame.get("after", [])
    lines = [clean(text).replace("\n", " ") for text in (*before, source or "", *after)]
    whole = "\n".join(lines)
    if (cost := cost_of(whole)) > MOST_OF_ROOM:
        return 0
    safe = _redacted_together(whole)
    if safe != whole:
        told = _as_many(lines, safe.split("\n"))
        frame["before"], frame["after"] = told[: len(before)], told[len(before) + 1 :]
        frame["source"] = told[len(before)] or source
    return cost


_redacted_together = lru_cache(REMEMBERED_LINES)(redact)


def _as_many(lines: Sequence[str], told: list[str]) -> list[str]:
    """Return what became of `lines`, one text for each: where some became one, `[redacted]` takes their place."""
    pairs = zip(reversed(lines), reversed(told), strict=False)
    alike = next((at for at, pair in enumerate(pairs) if len(set(pair)) > 1), len(told))
    end = len(told) - alike
    return [*told[:end], *["[redacted]"] * (len(lines) - len(told)), *told[end:]]
