"""What a log line tells of an alert that is not filed."""

from __future__ import annotations

from support.alerts import alert

from booty.observability.alerts.filters import History, Policy, Verdict
from booty.observability.alerts.severity import Severity
from booty.observability.webhook.log_fields import why

NOW = 1_795_000_000.0
POLICY = Policy(Severity.ERROR, 3600.0, {"cron": Severity.FATAL})
CLAIMED = "2026-11-18T11:06:40+00:00"


def test_below_the_least_severity_it_tells_both_levels() -> None:
    warning = alert(severity=Severity.WARNING)

    assert why(Verdict.BELOW_SEVERITY, warning, POLICY, None) == {"severity": "warning", "threshold": "error"}


def test_it_tells_the_least_severity_of_the_category() -> None:
    missed = alert(severity=Severity.ERROR, category="cron")

    assert why(Verdict.BELOW_SEVERITY, missed, POLICY, None) == {"severity": "error", "threshold": "fatal"}


def test_in_the_cooldown_it_tells_since_and_until_when_and_the_issue() -> None:
    history = History(NOW, is_owed=False, issue=7)

    assert why(Verdict.COOLDOWN, alert(), POLICY, history) == {
        "since": CLAIMED,
        "until": "2026-11-18T12:06:40+00:00",
        "issue": 7,
    }


def test_while_the_alert_before_it_waits_nobody_knows_until_when() -> None:
    history = History(NOW, is_owed=True)

    assert why(Verdict.COOLDOWN, alert(), POLICY, history) == {"since": CLAIMED, "is_waiting": True}


def test_of_what_was_counted_before_it_tells_the_same() -> None:
    history = History(NOW, is_owed=False, issue=7, is_counted=True)

    assert why(Verdict.REPEATED, alert(), POLICY, history)["issue"] == 7


def test_of_an_alert_about_the_alert_path_itself_there_is_nothing_to_tell() -> None:
    assert why(Verdict.NOT_HANDLED, alert(own=True), POLICY, None) == {}
