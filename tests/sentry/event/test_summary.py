"""Severity, title, message, release and environment, from wherever Sentry put them."""

from __future__ import annotations

import pytest
from support.sentry_events import alert_of, body_of, sample

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.keeping.kept import kept
from booty.observability.alerts.severity import Severity
from booty.observability.sentry.payload import parse


def alert_in(name: str) -> Alert:
    return parse(body_of(sample(f"event_alert.triggered.{name}")), "event_alert")


@pytest.mark.parametrize("level", list(Severity))
def test_takes_the_level_that_sentry_gave(level: Severity) -> None:
    assert alert_of(level=level.value).severity is level
    assert alert_of(level=level.value.upper()).severity is level


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        ("critical", Severity.FATAL),
        ("warn", Severity.WARNING),
        ("log", Severity.INFO),
        ("sample", Severity.DEBUG),
        (50, Severity.FATAL),
        (40, Severity.ERROR),
        ("40", Severity.ERROR),
        (35, Severity.WARNING),
        (30, Severity.WARNING),
        (20, Severity.INFO),
        (10, Severity.DEBUG),
    ],
)
def test_understands_other_names_of_levels(level: object, severity: Severity) -> None:
    assert alert_of(level=level).severity is severity


@pytest.mark.parametrize(
    "level",
    ["catastrophe", "", " ", None, 0, 3, -10, 10**40, 1.5, float("nan"), True, [], {}, "²", "٣٠" * 9],
    ids=ascii,
)
def test_what_nobody_understands_is_an_error_and_never_dropped(level: object) -> None:
    assert alert_of(level=level).severity is Severity.ERROR


@pytest.mark.parametrize("level", [None, "", "catastrophe", []], ids=ascii)
def test_asks_the_tag_when_the_level_says_nothing(level: object) -> None:
    assert alert_of(level=level, tags=[None, ["level", None], ["level", "warning"]]).severity is Severity.WARNING


def test_the_level_weighs_more_than_its_tag() -> None:
    assert alert_of(level="info", tags=[["level", "fatal"]]).severity is Severity.INFO


@pytest.mark.parametrize(
    ("logentry", "message", "expected"),
    [
        ({"formatted": "5 rows", "message": "%d rows"}, "old", "5 rows"),
        ({"formatted": None, "message": "%d rows"}, "old", "%d rows"),
        ({"formatted": "", "message": " "}, "old", "old"),
        (None, "old", "old"),
        ("x", "", None),
        ({}, None, None),
    ],
)
def test_takes_the_message_with_its_parameters_filled_in(
    logentry: object, message: object, expected: str | None
) -> None:
    assert alert_of(logentry=logentry, message=message).message == expected


def test_a_logged_exception_keeps_what_the_log_said() -> None:
    alert = alert_in("java")

    assert alert.title == "InvoiceException: could not post invoice 2026-0311"
    assert alert.message == "Posting failed for 2026-0311"


def test_a_message_only_event_has_a_title_and_its_message() -> None:
    alert = alert_in("message-only")

    assert (alert.title, alert.message) == ("Queue depth 5120 over limit", "Queue depth 5120 over limit")
    assert (alert.severity, alert.raised, alert.stack) == (Severity.WARNING, (), ())


def test_a_csp_report_says_what_was_blocked() -> None:
    alert = alert_in("csp")

    assert alert.title == alert.message == "Blocked 'script' from 'tracker.example.net'"
    assert alert.culprit == "script-src-elem"
    assert alert.detected == "CSP violation"


def test_an_error_that_a_program_reported_is_not_what_sentry_detected() -> None:
    assert alert_in("message-only").detected is None
    assert alert_in("python-flask").detected is None


def test_an_occurrence_can_be_all_that_an_event_has() -> None:
    shown = {"issueTitle": "Slow query", "subtitle": "SELECT 1", "culprit": "/orders", "level": "info"}
    alert = alert_of(occurrence=shown)

    assert (alert.title, alert.message, alert.culprit) == ("Slow query", "SELECT 1", "/orders")
    assert alert.severity is Severity.INFO


@pytest.mark.parametrize(
    ("event", "is_handled"),
    [
        ({"exception": [{"type": "A", "mechanism": {"handled": False}}], "tags": [["handled", "yes"]]}, False),
        ({"exception": [{"type": "A", "mechanism": {"handled": True}}]}, True),
        ({"exception": [{"type": "A", "mechanism": {"type": "generic"}}], "tags": [["handled", "no"]]}, False),
        ({"exception": [{"type": "A"}], "tags": [["handled", "Yes"]]}, True),
        ({"exception": [{"type": "A", "mechanism": {"handled": None}}]}, None),
        ({"exception": [{"type": "A", "mechanism": {"handled": "perhaps"}}], "tags": [["handled", "x"]]}, None),
        (
            {
                "exception": [
                    {"type": "Cause", "mechanism": {"handled": True}},
                    {"type": "A", "mechanism": {"handled": False}},
                ]
            },
            False,
        ),
        ({"exception": [{"type": "Cause", "mechanism": {"handled": False}}, {"type": "A"}]}, False),
        ({"message": "no exception", "tags": [["handled", "yes"]]}, None),
    ],
    ids=str,
)
def test_says_whether_it_was_handled_where_anybody_knows(event: dict[str, object], *, is_handled: bool | None) -> None:
    assert alert_of(**event).is_handled is is_handled


def test_a_logged_message_is_found_by_its_logger_when_sentry_blames_nothing() -> None:
    assert alert_of(message="no price", culprit="", logger="shop.billing").culprit == "shop.billing"
    assert alert_of(message="no price", culprit="/cart", logger="shop.billing").culprit == "/cart"
    assert alert_of(message="no price", culprit=None, logger="").culprit is None


@pytest.mark.parametrize("culprit", ["?", "<anonymous>", "?(<anonymous>)"])
def test_what_names_nothing_is_not_a_culprit(culprit: str) -> None:
    assert alert_of(message="no price", culprit=culprit).culprit is None


def test_makes_a_title_when_sentry_gave_none() -> None:
    values = [{"type": "KeyError", "value": "'a'"}, {"type": "StoreError", "value": None}]

    assert alert_of(exception={"values": values}).title == "StoreError"
    assert alert_of(metadata={"title": "from metadata"}).title == "from metadata"
    assert alert_of(message="only a message").title == "only a message"
    assert alert_of(title=None).title is None


@pytest.mark.parametrize(
    ("event", "release"),
    [
        ({"release": "booty@1"}, "booty@1"),
        ({"release": None, "tags": [["release", "booty@2"]]}, "booty@2"),
        ({"release": "", "tags": [["sentry:release", "booty@3"]]}, "booty@3"),
        ({"release": 1.5}, "1.5"),
        ({"release": None, "tags": [["release", None]]}, None),
        ({}, None),
    ],
)
def test_finds_the_release_in_the_event_or_its_tags(event: dict[str, object], release: str | None) -> None:
    assert alert_of(**event).release == release


def test_keeps_the_environments_own_spelling() -> None:
    assert alert_of(environment="Production").environment == "Production"
    assert alert_of(tags=[["environment", "prod"]]).environment == "prod"
    assert alert_of().environment is None


def test_texts_are_cut_and_lose_what_no_reader_can_see() -> None:
    alert = alert_of(title="a\x00b\x07" + "w" * 5000, message="line\nnext\ttab \x1b[31mred", culprit="\x00\x01")

    record = kept(alert.record())

    assert record["title"] == "ab" + "w" * 298
    assert record["message"] == "line\nnext\ttab red"
    assert alert.culprit is None
