"""Which problem, which occurrence, which project."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sentry_events import API, alert_of, body_of, sample

from booty.observability.sentry.event.identity import body_id
from booty.observability.sentry.payload import parse
from booty.observability.sentry.resources import InvalidPayload
from booty.observability.sentry.status_changes import parse_status_change


def test_the_fingerprint_is_the_project_and_the_issue() -> None:
    assert alert_of(project=4507012345678848, issue_id="77").fingerprint == "4507012345678848:77"


@pytest.mark.parametrize("list_", [["{{ default }}"], ["mine"], ["{{ default }}", "mine"], [], None, "x"], ids=str)
def test_a_custom_fingerprint_list_changes_nothing(list_: object) -> None:
    assert alert_of(project=1, issue_id="77", fingerprint=list_).fingerprint == "1:77"


@pytest.mark.parametrize(
    ("event", "fingerprint"),
    [
        ({"issue_id": 77}, "1:77"),
        ({"issue_id": "77", "issue_url": f"{API}/issues/88/", "hashes": ["99"]}, "1:77"),
        ({"issue_id": None, "issue_url": f"{API}/issues/88/", "hashes": ["99"]}, "1:88"),
        ({"issue_id": "", "issue_url": f"{API}/organizations/acme7/issues/88"}, "1:88"),
        ({"issue_id": [], "issue_url": "https://sentry.acme:9000/api/0/issues/88/?x=5"}, "1:88"),
        ({"issue_id": None, "issue_url": "https://sentry.io/", "hashes": [None, "", "a1b2"]}, "1:a1b2"),
        ({"issue_id": None, "issue_url": None, "hashes": ["a1b2", "c3d4"]}, "1:a1b2"),
    ],
)
def test_falls_back_from_the_issue_to_its_url_to_the_grouping_hash(event: dict[str, object], fingerprint: str) -> None:
    assert alert_of(project=1, **event).fingerprint == fingerprint


CONSTANTS = ("NaN", "Infinity", "-Infinity", "1e400", "9" * 309, "9" * 5000)
INVISIBLE = ("\u200b", " \u2060\ufeff", "\u3164", "\u00ad\u200e", "\u0000\u0007", "\u001b[0m", "\ue000", "\u2028")
NOTHING = ("NaN", " -Infinity", "inf", "null", "None", "undefined")
NO_IDS = (*CONSTANTS, *(json.dumps(text) for text in (*INVISIBLE, *NOTHING)))
HALF = r"\ud800"
READERS = {"fast": "", "odd": f',"x":"{HALF}"'}
"""What follows an id; the second is what only Python's own parser reads."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("no_id", NO_IDS, ids=lambda text: text[:18])
@pytest.mark.parametrize(
    ("event", "fingerprint"),
    [
        ('"issue_id":ID', None),
        ('"hashes":[ID]', None),
        ('"issue_url":ID', None),
        ('"issue_id":ID,"issue_url":ID,"hashes":[ID,ID]', None),
        ('"issue_id":ID,"issue_url":"https://sentry.io/issues/88/"', "unknown:88"),
        ('"issue_id":ID,"issue_url":ID,"hashes":[ID,"a1b2"]', "unknown:a1b2"),
        ('"issue_id":"77","project":ID', "unknown:77"),
        ('"issue_id":"77","url":"https://sentry.io/api/0/projects/acme/\\u200b\\u3164/events/a/"', "unknown:77"),
    ],
)
def test_what_is_not_a_number_and_what_nobody_sees_or_says_nothing_is_not_an_id(
    event: str, fingerprint: str | None, no_id: str, reader: str
) -> None:
    body = f'{{"action":"triggered","data":{{"event":{{{event.replace("ID", no_id)}{READERS[reader]}}}}}}}'.encode()

    if fingerprint is None:
        with pytest.raises(InvalidPayload):
            parse(body, "event_alert")
    else:
        assert parse(body, "event_alert").fingerprint == fingerprint


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("no_id", NO_IDS, ids=lambda text: text[:18])
def test_an_event_without_an_id_of_its_own_gets_the_one_of_its_body(no_id: str, reader: str) -> None:
    body = f'{{"data":{{"event":{{"issue_id":"77","event_id":{no_id}{READERS[reader]}}}}}}}'.encode()

    assert parse(body, "event_alert").event == body_id(body)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("no_id", NO_IDS, ids=lambda text: text[:18])
@pytest.mark.parametrize(
    "metric", ['"id":ID', '"alert_rule":{"id":ID}', '"id":ID,"alert_rule":{"id":ID}'], ids=["id", "rule", "both"]
)
def test_a_metric_alert_needs_an_id_that_is_one(metric: str, no_id: str, reader: str) -> None:
    told = metric.replace("ID", no_id) + READERS[reader]
    body = f'{{"action":"critical","data":{{"metric_alert":{{{told}}}}}}}'.encode()

    with pytest.raises(InvalidPayload):
        parse(body, "metric_alert")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("no_id", NO_IDS, ids=lambda text: text[:18])
def test_a_status_change_needs_the_id_of_an_issue(no_id: str, reader: str) -> None:
    body = f'{{"action":"resolved","data":{{"issue":{{"id":{no_id}{READERS[reader]}}}}}}}'.encode()

    with pytest.raises(InvalidPayload):
        parse_status_change(body, "issue")


def test_reads_the_issue_of_a_body_of_2020_from_its_url() -> None:
    payload = sample("event_alert.triggered.2020-without-issue-id")

    assert parse(body_of(payload), "event_alert").fingerprint == "1146:1638844000"


def test_two_alerts_of_one_issue_share_the_fingerprint_and_not_the_event() -> None:
    first, second = (alert_of(project=1, event_id=letter * 32) for letter in "ab")

    assert first.fingerprint == second.fingerprint
    assert (first.event, second.event) == ("a" * 32, "b" * 32)


@pytest.mark.parametrize("project", [None, "", [], {}], ids=str)
def test_a_slug_stands_in_for_a_missing_project_number(project: object) -> None:
    url = f"{API}/projects/acme/front_end/events/abc/"

    assert alert_of(project=project, url=url, issue_id="7").fingerprint == "front_end:7"


def test_the_project_is_called_by_its_slug_or_its_number() -> None:
    assert alert_of(project=5, url=f"{API}/projects/acme/front-end/events/abc/").project == "front-end"
    assert alert_of(project=5, url="https://sentry.io/").project == "5"
    assert alert_of().project is None


def test_different_odd_names_never_share_a_fingerprint() -> None:
    odd = ["front-end", "front_end", "front end", "front:end", "-->", "ü", "w" * 61, "w" * 62, "h." + "0" * 32, "H-1"]
    fingerprints = {alert_of(project=name).fingerprint for name in odd}
    fingerprints |= {alert_of(project="1", issue_id=name).fingerprint for name in odd}

    assert len(fingerprints) == 2 * len(odd)
    assert all(re.fullmatch(r"[A-Za-z0-9_.:]{1,128}", fingerprint) for fingerprint in fingerprints)


@given(project=st.text(max_size=80), issue=st.text(min_size=1, max_size=80), event=st.text(max_size=80))
def test_ids_have_only_characters_that_a_marker_can_bear(project: str, issue: str, event: str) -> None:
    alert = alert_of(project=project, issue_id=f"i{issue}", event_id=event)

    assert re.fullmatch(r"[A-Za-z0-9_.]{1,60}:[A-Za-z0-9_.]{1,60}", alert.fingerprint)
    assert re.fullmatch(r"[A-Za-z0-9_.]{1,64}", alert.event)


def test_no_token_becomes_part_of_a_fingerprint() -> None:
    token = "AK" + "IA" + "Q7ZD2KX5RVT3MWB6"
    alert = alert_of(project=token, issue_id=token, event_id=token)

    assert token not in f"{alert.fingerprint} {alert.event}"


@pytest.mark.parametrize(
    "spelling",
    [
        "9d3c51a7e2b84f60812a3b4c5d6e7f80",
        "9D3C51A7E2B84F60812A3B4C5D6E7F80",
        "9d3c51a7-e2b8-4f60-812a-3b4c5d6e7f80",
        "9D3C51A7-E2B8-4F60-812A-3B4C5D6E7F80",
        " 9d3c51a7E2B84F60812A3B4C5D6E7F80\n",
    ],
)
def test_an_event_id_is_the_same_in_every_spelling_of_its_digits(spelling: str) -> None:
    assert alert_of(event_id=spelling).event == "9d3c51a7e2b84f60812a3b4c5d6e7f80"


@pytest.mark.parametrize("event_id", [None, "", " ", [], {}], ids=str)
def test_a_body_without_event_id_is_known_by_its_bytes(event_id: object) -> None:
    event = alert_of(event_id=event_id).event

    assert re.fullmatch(r"[0-9a-f]{32}", event)
    assert event == alert_of(event_id=event_id).event
    assert event != alert_of(event_id=event_id, title="another").event
