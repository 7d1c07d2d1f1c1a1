"""A metric alert of Sentry's, made an alert of ours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.sentry_events import body_of, sample

from booty.observability.alerts.severity import Severity
from booty.observability.sentry.payload import parse
from booty.observability.sentry.resources import InvalidPayload


@pytest.mark.parametrize(
    ("name", "severity"), [("metric_alert.critical", Severity.FATAL), ("metric_alert.warning", Severity.WARNING)]
)
def test_makes_an_alert_of_a_metric_that_went_too_far(name: str, severity: Severity) -> None:
    alert = parse(body_of(sample(name)), "metric_alert")

    assert alert.kind == "metric"
    assert alert.severity is severity
    assert (alert.fingerprint, alert.incident, alert.aliases) == ("metric:4031", 8812, ())
    assert alert.title == f"{name.partition('.')[2].title()}: Too many 500s"
    assert alert.message == "143 events in the last 10 minutes\nFilter: http.status_code:500"
    assert alert.sentry_url == "https://sentry.io/organizations/umbrella/alerts/rules/details/4031/?alert=214"
    assert (alert.project, alert.environment, alert.rule) == ("api", "production", "Too many 500s")
    assert alert.occurred_at == datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
    assert alert.release is None


def test_a_metric_alert_that_comes_twice_is_one_event_and_its_next_state_another() -> None:
    first, again = (parse(body_of(sample("metric_alert.critical")), None).event for _ in range(2))

    assert first == again
    assert first != parse(body_of(sample("metric_alert.warning")), None).event


def test_refuses_a_metric_alert_that_nothing_identifies() -> None:
    payload = sample("metric_alert.critical")
    payload["data"]["metric_alert"] = {"title": "Too many 500s"}

    with pytest.raises(InvalidPayload) as caught:
        parse(body_of(payload), "metric_alert")

    assert caught.value.missing == ("metric_alert.id", "metric_alert.alert_rule.id")
