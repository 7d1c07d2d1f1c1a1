"""What a record says when one more alert of its problem may be counted and no more."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledger_steps import HOUR, NOW

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.journal.repeats import LONGEST_COUNT_SECONDS
from booty.observability.ledger.repetition.settled import settled_in

AT = NOW + HOUR
RECORD: dict[str, Any] = {
    "state": "filed",
    "claimed_at": NOW,
    "occurred_at": NOW + 60,
    "releases": {"shop@1": NOW},
    "worst": "error",
    "held": {"event": "e" * 32},
    "quiet": {"line": 7, "since": NOW, "at": NOW + 60, "times": 2, "until": NOW + 60},
}


def repetition(*, release: str | None = "shop@1", severity: Severity = Severity.ERROR) -> Alert:
    return Alert(fingerprint="1:1", event="b", severity=severity, release=release)


def is_repeated(record: object, one: Alert, at: float = AT) -> bool:
    settled = settled_in(record)
    return settled is not None and settled.is_repeated_by(one, at)


def test_one_more_of_what_cools_down_may_be_counted_and_no_more() -> None:
    for one in (repetition(), repetition(release=None), repetition(severity=Severity.WARNING)):
        assert is_repeated(RECORD, one)


@pytest.mark.parametrize(
    "one",
    [repetition(release="shop@2"), repetition(severity=Severity.FATAL)],
    ids=["a new release", "a worse level"],
)
def test_what_an_alert_says_for_the_first_time_is_more(one: Alert) -> None:
    assert not is_repeated(RECORD, one)


@pytest.mark.parametrize(
    "more",
    [
        {"standing": {"closed_at": NOW + 120, "is_muted": False, "as_of": NOW + 120}},
        {"standing": {"closed_at": None, "is_muted": True, "as_of": NOW + 120}},
        {"resolved_at": NOW + 120},
        {"is_resolved_in_sentry": True},
        {"held": {}},
        {"quiet": {}},
        {"quiet": RECORD["quiet"] | {"since": NOW - HOUR}},
        {"worst": "odd"},
        {"claimed_at": "odd"},
    ],
    ids=str,
)
def test_a_record_that_waits_for_more_settles_nothing(more: dict[str, Any]) -> None:
    assert settled_in(RECORD | more) is None


@pytest.mark.parametrize("stored", [None, 1, [], {}], ids=str)
def test_what_is_no_record_settles_nothing(stored: object) -> None:
    assert settled_in(stored) is None


@pytest.mark.parametrize("at", [NOW, NOW + 60 + LONGEST_COUNT_SECONDS], ids=["before", "after"])
def test_another_line_of_the_journal_is_more(at: float) -> None:
    assert not is_repeated(RECORD, repetition(), at)
