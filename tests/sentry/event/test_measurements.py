"""What a detector measured, in units that people read."""

from __future__ import annotations

import pytest

from booty.observability.sentry.event.measurements import measured, monitored, repeating, rule
from booty.observability.sentry.schema.metric import SentMetricAlert, SentTrigger
from booty.observability.sentry.schema.occurrence import SentCondition, SentEvidenceData, SentMonitor, SentQuery
from booty.observability.sentry.schema.reading.by_path import pick


def test_says_the_value_of_a_metric_beyond_what_and_of_what() -> None:
    limits = (SentCondition(type="gte", comparison=0.05, result=75), SentCondition(type="lt", comparison=1))
    data = SentEvidenceData(value=0.0625, conditions=limits)
    data.watched = SentQuery(aggregate="failure_rate()", query="", window=86_400)

    assert dict(measured(data)) == {
        "Value": "0.0625",
        "Threshold": "at least 0.05 (critical), below 1",
        "Metric": "failure_rate()",
        "Query": "",
        "Window": "1 day",
    }


@pytest.mark.parametrize(
    ("seconds", "window"),
    [
        (60, "1 minute"),
        (300, "5 minutes"),
        (3_600, "1 hour"),
        (5_400, "90 minutes"),
        (45, "45 seconds"),
        (0.5, "0.5 seconds"),
        (0, None),
        (-60, None),
        (None, None),
    ],
)
def test_writes_how_long_in_the_largest_unit_without_a_fraction(seconds: float | None, window: str | None) -> None:
    data = SentEvidenceData()
    data.watched = SentQuery(window=seconds)

    assert dict(measured(data))["Window"] == window


@pytest.mark.parametrize(
    ("config", "schedule"),
    [
        ({"schedule": "0 4 * * *", "timezone": "UTC"}, "0 4 * * * (UTC)"),
        ({"schedule": [1, "day"]}, "every 1 day"),
        ({"schedule": [2, "hour"]}, "every 2 hours"),
        ({"schedule": [2]}, None),
        ({}, None),
    ],
)
def test_says_when_a_job_is_expected(config: dict[str, object], schedule: str | None) -> None:
    monitor = pick(SentMonitor, {"config": config})

    assert monitor is not None
    assert dict(monitored(monitor))["Schedule"] == schedule


def test_a_span_is_repeated_or_slow() -> None:
    assert dict(repeating(SentEvidenceData(repeated="SELECT 1", times="3")))["Repeated"] == "SELECT 1"
    assert dict(repeating(SentEvidenceData(repeated="SELECT 1", times="1")))["Span"] == "SELECT 1"


def test_says_beyond_what_a_metric_alerts_rule_fires() -> None:
    metric = SentMetricAlert(is_below=True, window=60, aggregate="count()")
    metric.triggers = (SentTrigger(label="critical", threshold=0), SentTrigger(label="warning"))

    assert dict(rule(metric)) == {
        "Threshold": "below 0 (critical)",
        "Metric": "count()",
        "Query": None,
        "Window": "1 hour",
    }
