"""How many alerts came in each hour of the last week, by what became of them: the figures of the plot. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from booty.observability.ledger.journal.entries import Line, Refusals

HOUR, DAY, DAYS = 3600, 24 * 3600, 7
HOURS = DAYS * 24
OUTCOMES = ("filed", "updated", "ignored", "waiting", "refused", "turned away")
"""In the order in which they are stacked."""
BECAME = {
    "filed": "filed", "adopted": "filed", "awaiting": "ignored", "refused": "refused", "postponed": "waiting",
    "retried": "waiting", "digest": "filed",
}  # fmt: skip
"""What else became of an alert updated its issue."""
LINKED = "linked"
"""It says nothing of the alert itself."""
NO_ALERT = "not_handled"


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of an hour's column: from the left and from the top, as shares of the plot's width and height."""

    outcome: str
    left: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """The last seven days in UTC, the present one with them: `first_day` began at that time (unix seconds).

    `most` is the highest column's number of alerts; `by_day` counts each outcome of each day, `marks` are the releases
    with when they were first seen and where that is, as a share of the width.
    """

    first_day: float
    most: int
    bars: tuple[Bar, ...]
    by_day: tuple[Mapping[str, int], ...]
    marks: tuple[tuple[str, float, float], ...]

    @property
    def total(self) -> int:
        """How many alerts there were."""
        return sum(sum(day.values()) for day in self.by_day)


def plot_of(
    lines: Iterable[Line], refusals: Iterable[Refusals], releases: Iterable[tuple[str, float]], *, now: float
) -> Plot:
    """Return the plot of what is in the journal at `now` (unix seconds)."""
    first_day = now // DAY * DAY - (DAYS - 1) * DAY
    hours = [Counter[str]() for _ in range(HOURS)]
    for outcome, times, at, until in _counted(lines, refusals):
        for hour, share in _spread(times, at - first_day, until - first_day):
            hours[hour][outcome] += share
    days = [sum(hours[at : at + 24], Counter[str]()) for at in range(0, HOURS, 24)]
    most = max(sum(hour.values()) for hour in hours)
    shown = [(name, at, (at - first_day) / (DAYS * DAY)) for name, at in releases if first_day <= at <= now]
    return Plot(
        first_day,
        most,
        tuple(bar for at, hour in enumerate(hours) for bar in _column(hour, at / HOURS, most)),
        tuple({outcome: day[outcome] for outcome in OUTCOMES} for day in days),
        tuple(shown),
    )


def _counted(lines: Iterable[Line], refusals: Iterable[Refusals]) -> Iterator[tuple[str, int, float, float]]:
    """Yield what became of how many alerts, from when until when; a status change is no alert."""
    for line in lines:
        if line.change is None:
            yield _outcome(line), line.times, line.at, line.until or line.at
    for each in refusals:
        if each.reason != NO_ALERT:
            yield _refusal(each)


def _refusal(each: Refusals) -> tuple[str, int, float, float]:
    return "turned away", each.times, each.at, each.at


def _outcome(line: Line) -> str:
    if line.verdict not in {"accepted", "news"}:
        return "ignored"
    became = [outcome.what for outcome in line.became if outcome.what != LINKED]
    return BECAME.get(became[-1], "updated") if became else "waiting"


def _spread(times: int, at: float, until: float) -> Iterator[tuple[int, int]]:
    """Yield the plot's hours with how many of `times` each has: of a storm no more is known, so it is shared evenly."""
    if not (isfinite(at) and isfinite(until)):  # a damaged record
        return
    first, last = int(at // HOUR), int(max(at, until) // HOUR)
    each, rest = divmod(times, last - first + 1)
    for hour in range(max(first, 0), min(last, HOURS - 1) + 1):
        yield hour, each + (hour - first < rest)


def _column(hour: Mapping[str, int], left: float, most: int) -> Iterator[Bar]:
    below = 0.0
    for outcome in OUTCOMES:
        if hour.get(outcome):
            height = hour[outcome] / most
            below += height
            yield Bar(outcome, left, 1 - below, height)
