"""The plot counts the alerts of each hour by what became of them, whatever the journal says of them."""

from __future__ import annotations

import pytest

from booty.observability.ledger.journal.entries import Line, LineOutcome, Refusals
from booty.observability.ops.page.plot import DAY, DAYS, HOUR, HOURS, plot_of

MIDNIGHT = 1_800_057_600.0
NOW = MIDNIGHT + 10.5 * HOUR
EMPTY = {"filed": 0, "updated": 0, "ignored": 0, "waiting": 0, "refused": 0, "turned away": 0}


def line(verdict: str = "accepted", *became: str, at: float = NOW, **more: object) -> Line:
    outcomes = tuple(LineOutcome(what, at) for what in became)
    return Line(at=at, fingerprint="1:1", verdict=verdict, became=outcomes, **more)  # type: ignore[arg-type]  # by name


def today(*lines: Line, refusals: tuple[Refusals, ...] = ()) -> dict[str, int]:
    """Return what there was today, without what there was not."""
    plot = plot_of(lines, refusals, (), now=NOW)
    return {outcome: times for outcome, times in plot.by_day[-1].items() if times}


def test_an_empty_week_has_neither_bars_nor_figures() -> None:
    plot = plot_of((), (), (), now=NOW)

    assert (plot.first_day, plot.most, plot.total, plot.bars, plot.marks) == (MIDNIGHT - 6 * DAY, 0, 0, (), ())
    assert plot.by_day == (EMPTY,) * DAYS


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (line(), "waiting"),
        (line("accepted", "filed"), "filed"),
        (line("accepted", "filed", "linked"), "filed"),
        (line("accepted", "adopted"), "filed"),
        (line("news", "updated"), "updated"),
        (line("news", "reopened"), "updated"),
        (line("accepted", "postponed"), "waiting"),
        (line("accepted", "postponed", "filed"), "filed"),
        (line("accepted", "refused"), "refused"),
        (line("accepted", "refused", "retried"), "waiting"),
        (line("cooldown"), "ignored"),
        (line("below_severity"), "ignored"),
        (line("a verdict of a later release"), "ignored"),
    ],
)
def test_an_alert_counts_as_what_became_of_it_last(one: Line, outcome: str) -> None:
    assert today(one) == {outcome: 1}


def test_a_status_change_or_another_kind_of_webhook_is_no_alert() -> None:
    assert today(line(change="resolved"), refusals=(Refusals(NOW, "not_handled", 3),)) == {}


def test_what_was_turned_away_is_counted() -> None:
    assert today(refusals=(Refusals(NOW, "unsigned", 3), Refusals(NOW - 60, "cut", 2))) == {"turned away": 5}


def test_a_storm_is_shared_evenly_among_its_hours_and_none_of_it_is_lost() -> None:
    storm = line("cooldown", at=MIDNIGHT - 1.5 * HOUR, until=MIDNIGHT + 1.5 * HOUR, times=10)

    plot = plot_of((storm,), (), (), now=NOW)

    assert [day["ignored"] for day in plot.by_day[-2:]] == [6, 4]
    assert [round(bar.height * 3) for bar in plot.bars] == [3, 3, 2, 2]


def test_an_hours_outcomes_are_stacked_and_the_highest_hour_fills_the_plot() -> None:
    plot = plot_of([line("accepted", "filed"), line("cooldown"), line("cooldown"), line(at=NOW - DAY)], (), (), now=NOW)

    now = [bar for bar in plot.bars if bar.left == (6 * 24 + 10) / HOURS]
    assert plot.most == 3
    assert [(bar.outcome, round(bar.top, 3), round(bar.height, 3)) for bar in now] == [
        ("filed", 0.667, 0.333),
        ("ignored", 0.0, 0.667),
    ]


def test_releases_of_the_week_are_marked_where_they_were_first_seen() -> None:
    seen = [("a", MIDNIGHT - 7 * DAY), ("b", MIDNIGHT), ("c", NOW + DAY)]

    assert plot_of((), (), seen, now=NOW).marks == (("b", MIDNIGHT, 6 / 7),)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -1e300, 1e300, 0.0])
def test_a_damaged_line_breaks_nothing(odd: float) -> None:
    damaged = line("cooldown", at=odd, until=NOW, times=5)

    assert plot_of((damaged, line("cooldown", at=NOW, until=odd)), (), (), now=NOW).total <= 6
