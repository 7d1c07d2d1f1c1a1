"""An event of Sentry's, made an alert of ours."""

from __future__ import annotations

import pytest
import sentry_sdk
from support.sentry_events import Json, body_of, capture, delivered, sample

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.severity import Severity
from booty.observability.sentry.payload import parse
from booty.observability.sentry.resources import InvalidPayload


@pytest.mark.parametrize(
    "event", [{}, {"issue_id": None}, {"issue_id": " ", "issue_url": "x", "hashes": [None]}], ids=str
)
def test_refuses_an_event_that_nothing_identifies(event: Json) -> None:
    with pytest.raises(InvalidPayload) as caught:
        parse(body_of({"action": "triggered", "data": {"event": event}}), "event_alert")

    assert caught.value.missing == ("issue_id", "issue_url", "hashes")


def test_files_an_event_of_which_only_the_issue_is_left() -> None:
    alert = parse(b'{"data":{"event":{"issue_id":42}}}', None)

    assert alert == Alert(fingerprint="unknown:42", event=alert.event, severity=Severity.ERROR)
    assert len(alert.event) == 32


def test_knows_alerts_about_its_own_path() -> None:
    def fail() -> None:
        sentry_sdk.set_tag("booty.path", "alert")
        raise OSError("the ledger is full")

    assert parse(body_of(delivered(capture(fail))), "event_alert").own


def test_knows_them_however_their_tag_is_spelled_in_json() -> None:
    body = rb'{"data":{"event":{"issue_id":"7","tags":[["\u0062ooty\u002epath","al\u0065rt"]]}}}'

    assert parse(body, "event_alert").own


def test_an_alert_about_another_path_is_not_its_own() -> None:
    payload = sample("event_alert.triggered.php")
    payload["data"]["event"]["tags"] += [["booty.path", "web"], ["other", "alert"]]

    assert not parse(body_of(payload), "event_alert").own


def test_names_the_rule_by_its_title_when_no_label_came() -> None:
    payload = sample("event_alert.triggered.2020-without-issue-id")
    del payload["data"]["triggered_rule"]

    assert parse(body_of(payload), None).rule == "Importer"


def test_shows_what_javascript_threw_that_was_not_an_error() -> None:
    thrown = {"type": "UnhandledRejection", "value": "Object captured as promise rejection with keys: code, token"}
    extra = {"__serialized__": {"code": 7, "nested": {"token": "s3cr3t-hunter2"}}}
    payload = {"data": {"event": {"issue_id": "7", "exception": {"values": [thrown]}, "extra": extra}}}

    assert parse(body_of(payload), None).details == (("code", "7"), ("nested", "{token: [redacted]}"))
