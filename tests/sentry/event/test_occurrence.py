"""What Sentry's detectors found: each says what it measured, once, and a feedback never says whose it is."""

from __future__ import annotations

import pytest
from support.sentry_events import alert_of, body_of, sample

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.keeping.kept import kept
from booty.observability.issues.page.body import render
from booty.observability.sentry.payload import parse

QUERY = "SELECT * FROM lines WHERE order_id = %s"
N_PLUS_ONE = {
    "issueTitle": f"N+1 Query: {QUERY}",
    "subtitle": QUERY,
    "culprit": QUERY,
    "type": 1006,
    "level": "info",
    "evidenceData": {
        "transactionName": "/orders",
        "op": "db",
        "parentSpanIds": ["a1"],
        "parentSpan": "django.view - shop.views.orders",
        "repeatingSpans": f"db - {QUERY}",
        "repeatingSpansCompact": QUERY,
        "numRepeatingSpans": "25",
    },
    "evidenceDisplay": [{"name": "Offending Spans", "value": f"db - {QUERY}", "important": True}],
}
METRIC = {
    "issueTitle": "Checkout error rate",
    "subtitle": "Critical: Number of errors in the last 5 minutes above 100",
    "type": 8001,
    "level": "error",
    "culprit": "",
    "evidenceDisplay": [],
    "evidenceData": {
        "value": 154.0,
        "alertId": 4321,
        "conditions": [
            {"id": 1, "type": "gt", "comparison": 100, "conditionResult": 75},
            {"id": 2, "type": "gt", "comparison": 50, "conditionResult": 50},
            {"id": 3, "type": "lte", "comparison": 50, "conditionResult": 0},
        ],
        "dataSources": [
            {
                "queryObj": {
                    "snubaQuery": {
                        "aggregate": "count()",
                        "query": "transaction:/checkout",
                        "timeWindow": 300,
                        "environment": "production",
                    }
                }
            }
        ],
    },
}
CRON = {
    "issueTitle": "Monitor failure: nightly-report",
    "subtitle": "Your monitor has reached its failure threshold.",
    "type": 4001,
    "culprit": "",
    "level": "error",
    "evidenceData": {},
    "evidenceDisplay": [
        {"name": "Failure reason", "value": "2 missed check-ins detected", "important": True},
        {"name": "Environment", "value": "production", "important": False},
        {"name": "Last successful check-in", "value": "2026-03-01T04:00:01+00:00", "important": False},
    ],
}
MONITOR = {
    "slug": "nightly-report",
    "name": "Nightly report",
    "status": "missed_checkin",
    "config": {
        "schedule_type": "crontab",
        "schedule": "0 4 * * *",
        "timezone": "Europe/Vienna",
        "checkin_margin": 5,
        "max_runtime": 90,
    },
}
UPTIME = {
    "issueTitle": "Downtime detected for https://shop.example.com/health",
    "subtitle": "Your monitored domain is down",
    "type": 7001,
    "culprit": "",
    "level": "error",
    "evidenceData": {},
    "evidenceDisplay": [
        {"name": "Failure reason", "value": "timeout - Request timed out", "important": True},
        {"name": "Duration", "value": "10000ms", "important": False},
        {"name": "Method", "value": "GET", "important": False},
        {"name": "Status Code", "value": "504", "important": False},
    ],
}


def found(shown: object, **event: object) -> Alert:
    return alert_of(type="generic", occurrence=shown, **event)


def page(alert: Alert) -> str:
    draft = render(alert, trigger_label="agent:builder")
    return f"{draft.title}\n{draft.body}"


def test_a_repeated_query_names_its_parent_and_how_often_and_the_query_once() -> None:
    alert = found(N_PLUS_ONE, title=N_PLUS_ONE["issueTitle"], culprit=QUERY)

    assert (alert.category, alert.detected, alert.culprit, alert.message) == (
        "performance",
        "N+1 Query",
        "/orders",
        None,
    )
    assert alert.details == (
        ("Parent span", "django.view - shop.views.orders"),
        ("Repeated", QUERY),
        ("Times", "25"),
    )
    assert page(alert).count(QUERY) == 1


@pytest.mark.parametrize("spans", [QUERY, [QUERY]], ids=["text", "list"])
@pytest.mark.parametrize("is_camel", [True, False])
def test_reads_either_spelling_of_a_detectors_keys(spans: object, *, is_camel: bool) -> None:
    key, times = (
        ("repeatingSpansCompact", "numRepeatingSpans") if is_camel else ("repeating_spans", "num_repeating_spans")
    )

    assert found({"type": 1006, "evidenceData": {key: spans, times: "3"}}).details == (
        ("Repeated", QUERY),
        ("Times", "3"),
    )


def test_a_slow_query_says_how_slow() -> None:
    data = {
        "transaction_name": "/a",
        "repeating_spans_compact": QUERY,
        "num_repeating_spans": "1",
        "duration_ms": "1240",
    }

    assert found({"issueTitle": "Slow DB Query", "type": 1001, "evidenceData": data}).details == (
        ("Span", QUERY),
        ("Took", "1,240 ms"),
    )


def test_a_recorded_performance_issue_shows_every_row_that_says_something_new() -> None:
    alert = parse(body_of(sample("event_alert.triggered.occurrence")), None)

    assert alert.culprit == "/api/orders/"
    assert dict(alert.details)["Parent Span"] == "django.view - orders"
    assert page(alert).count("SELECT items.*") == 1


def test_a_metric_issue_says_its_value_threshold_and_query() -> None:
    alert = found(METRIC, environment="production")

    assert (alert.category, alert.detected, alert.culprit) == ("metric", "Metric alert", None)
    assert page(alert).splitlines()[1].startswith("Metric alert `Checkout error rate` fired, on `production`")
    assert alert.message == "Critical: Number of errors in the last 5 minutes above 100"
    assert alert.details == (
        ("Value", "154"),
        ("Threshold", "above 100 (critical), above 50 (warning)"),
        ("Metric", "count()"),
        ("Query", "transaction:/checkout"),
        ("Window", "5 minutes"),
    )


def test_an_anomalys_value_lies_deeper_and_old_keys_are_read() -> None:
    watched = {"aggregate": "p95(transaction.duration)", "query": "", "time_window": 3600}
    data = {"value": {"value": 81, "source_id": "1"}, "data_sources": [{"query_obj": {"snuba_query": watched}}]}

    assert found({"type": 8001, "evidenceData": data}).details == (
        ("Value", "81"),
        ("Metric", "p95(transaction.duration)"),
        ("Window", "1 hour"),
    )


def test_a_cron_monitor_says_its_schedule_and_what_was_missed() -> None:
    alert = found(CRON, environment="production", contexts={"monitor": MONITOR})

    assert (alert.category, alert.detected, alert.culprit) == ("cron", "Monitor failure", "nightly-report")
    assert alert.message == "Your monitor has reached its failure threshold."
    assert alert.details == (
        ("Monitor", "Nightly report"),
        ("Schedule", "0 4 * * * (Europe/Vienna)"),
        ("May be late by", "5 minutes"),
        ("May run for", "90 minutes"),
        ("Failure reason", "2 missed check-ins detected"),
        ("Last successful check-in", "2026-03-01T04:00:01+00:00"),
    )


def test_a_cron_monitor_may_have_an_interval_or_nothing_but_a_title() -> None:
    every = {"slug": "sync", "config": {"schedule_type": "interval", "schedule": [2, "hour"], "checkin_margin": None}}

    told = found(CRON, contexts={"monitor": every})

    assert told.details[0] == ("Schedule", "every 2 hours")
    assert "reported for `sync`" in page(told)
    assert page(told).count("sync") == 2  # the title and the sentence
    assert ("Title", "Monitor failure: nightly-report") in found(CRON).details
    assert found(CRON, tags=[["monitor.slug", "nightly"]]).culprit == "nightly"


def test_downtime_says_of_what_and_why() -> None:
    alert = found(UPTIME)

    assert (alert.category, alert.detected) == ("uptime", "Downtime detected")
    assert alert.culprit == "https://shop.example.com/health"
    assert alert.details == (
        ("Failure reason", "timeout - Request timed out"),
        ("Duration", "10000ms"),
        ("Method", "GET"),
        ("Status Code", "504"),
    )


def test_a_rage_click_is_found_on_its_page_without_what_the_address_hides() -> None:
    shown = {
        "issueTitle": "Rage Click",
        "subtitle": "div.page > button#pay",
        "type": 5002,
        "culprit": "https://shop.example.com/cart?session=hush",
        "evidenceDisplay": [
            {"name": "Clicked Element", "value": "button#pay"},
            {"name": "Selector Path", "value": "div.page > button#pay"},
        ],
    }
    alert = found(shown)

    assert (alert.category, alert.detected, alert.culprit) == ("replay", "Rage Click", "https://shop.example.com/cart")
    assert alert.details == (("Clicked Element", "button#pay"), ("Selector Path", "div.page > button#pay"))


def test_a_regression_of_an_endpoint_is_told_once() -> None:
    shown = {
        "issueTitle": "Endpoint Regression",
        "subtitle": "Increased from 120.5ms to 480.2ms (P95)",
        "type": 1018,
        "culprit": "/api/orders",
        "evidenceData": {"transaction": "/api/orders"},
        "evidenceDisplay": [
            {"name": "Regression", "value": "/api/orders duration increased from 120.5ms to 480.2ms (P95)"},
            {"name": "Transaction", "value": "/api/orders"},
        ],
    }
    alert = found(shown)

    assert (alert.culprit, alert.message) == ("/api/orders", None)
    assert alert.details == (("Regression", "/api/orders duration increased from 120.5ms to 480.2ms (P95)"),)


def test_what_nobody_knows_yet_is_shown_as_it_comes() -> None:
    rows = [None, {"name": "Op", "value": "db"}, {"name": "Span"}, {"value": "lost"}, {"name": "Age", "value": 7}]
    alert = found({"issueTitle": "Odd thing: it broke", "subtitle": "SELECT 1", "type": 99001, "evidenceDisplay": rows})

    assert (alert.category, alert.detected, alert.message) == ("other", "Odd thing", "SELECT 1")
    assert alert.details == (("Op", "db"), ("Age", "7"), ("Title", "it broke"))


def test_a_number_is_not_told_by_another_that_holds_it() -> None:
    data = {"repeating_spans_compact": "SELECT * FROM lines LIMIT 25", "num_repeating_spans": "25"}

    assert ("Times", "25") in found({"type": 1006, "evidenceData": data}).details


def test_the_details_are_few_and_what_is_kept_of_them_short_and_without_secrets() -> None:
    rows = [{"name": f"{number} {'n' * 500}", "value": str(number) + "v" * 5000} for number in range(100)]
    alert = found({"evidenceDisplay": [{"name": "db_password", "value": "hunter22secret"}, *rows]})
    details = kept(alert.record())["details"]

    assert len(details) == 20
    assert details[0] == ["db_password", "[redacted]"]
    assert all(len(name) <= 1000 and len(value) <= 1000 for name, value in details)


@pytest.mark.parametrize("name", ["metric_alert.critical", "metric_alert.warning"])
def test_a_metric_alert_says_its_threshold_and_what_it_watches_unless_its_text_does(name: str) -> None:
    payload = sample(name)
    rule = payload["data"]["metric_alert"]["alert_rule"] | {"query": "transaction:/checkout", "threshold_type": 1}
    payload["data"]["metric_alert"]["alert_rule"] = rule
    alert = parse(body_of(payload), None)

    assert alert.category == "metric"
    assert alert.details[0][1].startswith("below ")
    assert ("Query", "transaction:/checkout") in alert.details
    assert ("Metric", rule["aggregate"]) in alert.details
