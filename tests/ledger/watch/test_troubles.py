"""What a person is told of the pipe."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booty.observability.ledger.schedule.hold_up import HoldUp
from booty.observability.ledger.watch.troubles import DAY_SECONDS, WELL, Watched, detail, troubles
from booty.observability.ledger.watch.vitals import Vitals

NOW = 1_800_000_000.0
HOUR = 3600.0
FINE = Watched(Vitals(), heard_at=NOW, moved_at=NOW, expires_at=None, is_refused=False)


def kinds(watched: Watched, *, silence_seconds: float = 0.0) -> list[str]:
    return [each.kind for each in troubles(watched, silence_seconds=silence_seconds, now=NOW)]


def test_nothing_is_wrong_with_a_pipe_that_is_well() -> None:
    assert kinds(FINE) == []
    assert detail(FINE.vitals, NOW) == WELL


@pytest.mark.parametrize(
    ("watched", "told"),
    [
        (replace(FINE, vitals=Vitals(hold_up="stopped")), ["stopped"]),
        (replace(FINE, is_refused=True), ["stopped"]),
        (replace(FINE, vitals=Vitals(hold_up="late")), ["late"]),
        (replace(FINE, vitals=Vitals(hold_up="paused")), []),
        (replace(FINE, vitals=Vitals(hold_up="failing")), []),
        (replace(FINE, vitals=Vitals(oldest_at=NOW - 16 * 60)), ["old"]),
        (replace(FINE, vitals=Vitals(oldest_at=NOW - 14 * 60)), []),
        (replace(FINE, vitals=Vitals(is_freshly_refused=True)), ["refused"]),
        (replace(FINE, moved_at=NOW - 121), ["courier"]),
        (replace(FINE, moved_at=NOW - 60), []),
        (replace(FINE, expires_at=NOW + 15 * DAY_SECONDS), []),
        (replace(FINE, expires_at=NOW + 13 * DAY_SECONDS), ["token_ends_soon"]),
        (replace(FINE, expires_at=NOW + 3 * DAY_SECONDS), ["token_ends"]),
        (replace(FINE, expires_at=NOW - DAY_SECONDS), ["token_ends"]),
    ],
)
def test_each_thing_that_is_wrong_is_told_as_one(watched: Watched, told: list[str]) -> None:
    assert kinds(watched) == told


def test_silence_is_told_only_where_somebody_said_how_long_is_too_long() -> None:
    silent = replace(FINE, heard_at=NOW - 5 * HOUR)

    assert kinds(silent) == []
    assert kinds(silent, silence_seconds=4 * HOUR) == ["silence"]
    assert kinds(silent, silence_seconds=6 * HOUR) == []


def test_a_token_of_more_than_a_week_keeps_the_heart_beating() -> None:
    soon, now = (
        troubles(replace(FINE, expires_at=NOW + days * DAY_SECONDS), silence_seconds=0, now=NOW)[0] for days in (10, 6)
    )

    assert (soon.is_grave, now.is_grave) == (False, True)
    assert soon.is_for_an_issue
    assert now.is_for_an_issue


@pytest.mark.parametrize("hold_up", ["stopped", "paused", "late", "failing"])
def test_whatever_holds_deliveries_up_is_said_in_words(hold_up: HoldUp) -> None:
    assert detail(Vitals(hold_up=hold_up), NOW) not in {"", WELL}
