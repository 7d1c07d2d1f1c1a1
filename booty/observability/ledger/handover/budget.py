"""How many issues were handed over today, so that no more are than may be.

A day is one in UTC. What a job was told is kept until it is done: whoever takes it over after a kill -9 is told the
same, on whatever day, so that the count is exact. A job that is refused for good gives back what it was granted.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Shape, shaped

DAYS, TOLD_PREFIX = "handed_over/", "handover/"
DAY: Shape = {"granted": int, "held": int}
TOLD: Shape = {"day": str, "is_granted": bool}


@dataclass(frozen=True, slots=True)
class Day:
    """How many issues were handed over on the day (UTC, ISO 8601), how many were held back by its budget."""

    name: str
    granted: int = 0
    held: int = 0


def day_of(now: float) -> str:
    """Return the day of a time (unix seconds)."""
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}"


def today(shelf: Shelf, now: float) -> Day:
    """Return what is known of the day."""
    name = day_of(now)
    record = shaped(shelf.get(f"{DAYS}{name}"), DAY)
    return Day(name, record.get("granted", 0), record.get("held", 0))


def grant(shelf: Shelf, job: str, now: float, *, per_day: int) -> bool:
    """Return whether the issue of that job may be handed over, as it was told before if it was."""
    told = shaped(shelf.get(f"{TOLD_PREFIX}{job}"), TOLD)
    if "is_granted" in told:
        return bool(told["is_granted"])
    day = today(shelf, now)
    is_granted = day.granted < per_day
    _count(shelf, day.name, granted=int(is_granted), held=int(not is_granted))
    shelf[f"{TOLD_PREFIX}{job}"] = {"day": day.name, "is_granted": is_granted}
    for key in [key for key in shelf.under(DAYS) if key < f"{DAYS}{day.name}"]:
        del shelf[key]
    return is_granted


def forget_told(shelf: Shelf, job: str) -> None:
    """Forget what a job was told: its issue is as it says."""
    shelf.pop(f"{TOLD_PREFIX}{job}", None)


def give_back(shelf: Shelf, job: str) -> None:
    """Count a job out again that has no issue."""
    told = shaped(shelf.pop(f"{TOLD_PREFIX}{job}", None), TOLD)
    if "day" in told and f"{DAYS}{told['day']}" in shelf:
        is_granted = bool(told.get("is_granted"))
        _count(shelf, told["day"], granted=-int(is_granted), held=-int(not is_granted))


def _count(shelf: Shelf, day: str, *, granted: int, held: int) -> None:
    record = shaped(shelf.get(f"{DAYS}{day}"), DAY)
    shelf[f"{DAYS}{day}"] = record | {
        "granted": max(record.get("granted", 0) + granted, 0),
        "held": max(record.get("held", 0) + held, 0),
    }
