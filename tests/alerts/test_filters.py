"""Decisions about alerts: pure, at any time, with any history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.alerts import alert

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import MOST_EXCEPTIONS, History, Policy, Verdict, decide, happened_at
from booty.observability.alerts.issue import Standing
from booty.observability.alerts.severity import Severity

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


SEEN = History(claimed_at=NOW - HOUR, is_owed=False, newest=NOW - HOUR, worst=Severity.ERROR)
CLOSED = replace(SEEN, standing=Standing(closed_at=NOW - 600))


def at(seconds: float, **changes: object) -> Alert:
    """Build an alert that happened at `seconds` before `NOW`."""
    return alert(occurred_at=datetime.fromtimestamp(NOW - seconds, UTC), **changes)


def test_a_worse_level_than_before_passes_the_cooldown() -> None:
    assert decide(at(0, severity=Severity.FATAL), POLICY, SEEN, NOW) is Verdict.NEWS
    assert decide(at(0), POLICY, replace(SEEN, worst=Severity.FATAL), NOW) is Verdict.COOLDOWN
    assert decide(at(0, severity=Severity.FATAL), POLICY, replace(SEEN, worst=None), NOW) is Verdict.COOLDOWN


def test_a_release_that_the_problem_was_never_seen_in_passes_the_cooldown() -> None:
    assert decide(at(0, release="b"), POLICY, replace(SEEN, is_new_release=True), NOW) is Verdict.NEWS


def test_made_up_releases_pass_the_cooldown_a_few_times_only() -> None:
    spent = replace(SEEN, is_new_release=True, exceptions=MOST_EXCEPTIONS)

    assert decide(at(0, release="b"), POLICY, spent, NOW) is Verdict.COOLDOWN


@pytest.mark.parametrize(
    ("ago", "release_seen_ago", "verdict"),
    [
        (0, None, Verdict.NEWS),
        (600, None, Verdict.NEWS),
        (602, None, Verdict.COOLDOWN),
        (0, 30, Verdict.NEWS),
        (0, 900, Verdict.COOLDOWN),
    ],
)
def test_what_came_after_a_closing_passes_the_cooldown_unless_its_release_was_out_before(
    ago: float, release_seen_ago: float | None, verdict: Verdict
) -> None:
    seen_at = None if release_seen_ago is None else NOW - release_seen_ago

    assert decide(at(ago), POLICY, replace(CLOSED, release_seen_at=seen_at), NOW) is verdict


@pytest.mark.parametrize("standing", [Standing(is_muted=True), Standing(closed_at=NOW - 600, is_muted=True)])
def test_nothing_passes_the_cooldown_of_a_muted_issue(standing: Standing) -> None:
    muted = replace(SEEN, standing=standing, is_new_release=True)

    assert decide(at(0, severity=Severity.FATAL), POLICY, muted, NOW) is Verdict.COOLDOWN


def test_nothing_passes_a_claim_that_still_waits() -> None:
    waiting = replace(CLOSED, is_owed=True, is_new_release=True)

    assert decide(at(0, severity=Severity.FATAL), POLICY, waiting, NOW) is Verdict.COOLDOWN


def test_the_alert_that_is_waited_for_passes_even_a_mute() -> None:
    awaited = replace(SEEN, is_awaited=True, standing=Standing(is_muted=True))

    assert decide(at(0), POLICY, awaited, NOW) is Verdict.NEWS


def test_where_issues_are_not_followed_nothing_passes_the_cooldown() -> None:
    alone = replace(POLICY, is_following=False)

    assert decide(at(0), alone, replace(CLOSED, is_new_release=True), NOW) is Verdict.COOLDOWN


@pytest.mark.parametrize("history", [SEEN, CLOSED, replace(SEEN, claimed_at=NOW - 99 * HOUR)])
def test_an_event_that_is_counted_says_nothing_whenever_it_comes(history: History) -> None:
    assert decide(at(0), POLICY, replace(history, is_counted=True), NOW) is Verdict.REPEATED


def test_an_event_a_day_older_than_the_newest_says_nothing() -> None:
    long_ago = replace(SEEN, claimed_at=NOW - 99 * HOUR)

    assert decide(at(25 * HOUR - 1), POLICY, long_ago, NOW) is Verdict.ACCEPTED
    assert decide(at(25 * HOUR + 1), POLICY, long_ago, NOW) is Verdict.REPEATED


def test_an_event_from_the_future_counts_as_of_now() -> None:
    assert happened_at(at(-7 * HOUR), NOW) == NOW
    assert happened_at(at(7 * HOUR), NOW) == NOW - 7 * HOUR
    assert happened_at(alert(occurred_at=None), NOW) == NOW


def test_a_metric_alert_happens_when_it_comes_however_long_its_rule_is_broken() -> None:
    history = replace(CLOSED, claimed_at=NOW - HOUR)

    assert decide(at(30 * HOUR, kind="metric"), POLICY, history, NOW) is Verdict.NEWS


def test_the_verdicts_are_named_as_the_answers_name_them() -> None:
    reasons = {verdict.reason for verdict in Verdict if not verdict.is_accepted}

    assert reasons == {"below_severity", "cooldown", "not_handled", "no_route"}
