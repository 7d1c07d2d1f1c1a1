"""Decisions about alerts: pure, at any time, with any history."""

from __future__ import annotations

import pytest
from alerts import alert
from hypothesis import given
from hypothesis import strategies as st

from booty.observability.alert import Severity
from booty.observability.filters import History, Policy, Verdict, decide

NOW = 1_795_000_000.0
HOUR = 3600.0
POLICY = Policy(Severity.ERROR, 6 * HOUR)


def test_accepts_an_error_that_was_never_seen() -> None:
    assert decide(alert(), POLICY, None, NOW) is Verdict.ACCEPTED


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("least", list(Severity))
def test_ignores_what_is_below_the_least_severity(severity: Severity, least: Severity) -> None:
    order = ["debug", "info", "warning", "error", "fatal"]
    is_enough = order.index(severity.value) >= order.index(least.value)

    verdict = decide(alert(severity=severity), Policy(least, HOUR), None, NOW)

    assert verdict is (Verdict.ACCEPTED if is_enough else Verdict.BELOW_SEVERITY)


@pytest.mark.parametrize(
    ("category", "severity", "verdict"),
    [
        ("performance", Severity.INFO, Verdict.ACCEPTED),
        ("performance", Severity.DEBUG, Verdict.BELOW_SEVERITY),
        ("uptime", Severity.ERROR, Verdict.BELOW_SEVERITY),
        ("uptime", Severity.FATAL, Verdict.ACCEPTED),
        ("error", Severity.INFO, Verdict.BELOW_SEVERITY),
        ("feedback", Severity.WARNING, Verdict.BELOW_SEVERITY),
        ("other", Severity.ERROR, Verdict.ACCEPTED),
    ],
)
def test_a_kind_of_problem_may_have_a_least_severity_of_its_own(
    category: str, severity: Severity, verdict: Verdict
) -> None:
    policy = Policy(Severity.ERROR, HOUR, {"performance": Severity.INFO, "uptime": Severity.FATAL})

    assert decide(alert(category=category, severity=severity), policy, None, NOW) is verdict


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (0.0, Verdict.COOLDOWN),
        (6 * HOUR - 0.001, Verdict.COOLDOWN),
        (6 * HOUR, Verdict.ACCEPTED),
        (400 * 24 * HOUR, Verdict.ACCEPTED),
    ],
)
def test_the_cooldown_counts_from_the_claim_and_ends_on_time(age: float, verdict: Verdict) -> None:
    history = History(claimed_at=NOW - age, is_owed=False)

    assert decide(alert(), POLICY, history, NOW) is verdict


@given(age=st.floats(min_value=-1e9, max_value=1e9))
def test_a_claim_that_still_waits_silences_its_fingerprint_however_old_it_is(age: float) -> None:
    history = History(claimed_at=NOW - age, is_owed=True)

    assert decide(alert(), POLICY, history, NOW) is Verdict.COOLDOWN


def test_a_clock_that_was_set_back_does_not_file_the_same_twice() -> None:
    history = History(claimed_at=NOW + HOUR, is_owed=False)

    assert decide(alert(), POLICY, history, NOW) is Verdict.COOLDOWN


def test_a_clock_that_was_years_ahead_does_not_silence_a_fingerprint_for_years() -> None:
    history = History(claimed_at=NOW + 3 * 365 * 24 * HOUR, is_owed=False)

    assert decide(alert(), POLICY, history, NOW) is Verdict.ACCEPTED


@pytest.mark.parametrize("history", [None, History(claimed_at=NOW, is_owed=True)])
@pytest.mark.parametrize("severity", [Severity.FATAL, Severity.DEBUG])
def test_the_alert_paths_own_errors_are_never_handled(history: History | None, severity: Severity) -> None:
    assert decide(alert(own=True, severity=severity), POLICY, history, NOW) is Verdict.NOT_HANDLED


def test_a_worse_alert_does_not_break_its_fingerprints_cooldown() -> None:
    history = History(claimed_at=NOW - HOUR, is_owed=False)

    assert decide(alert(severity=Severity.FATAL), POLICY, history, NOW) is Verdict.COOLDOWN


def test_the_verdicts_are_named_as_the_answers_name_them() -> None:
    assert [verdict.value for verdict in Verdict] == ["accepted", "below_severity", "cooldown", "not_handled"]
