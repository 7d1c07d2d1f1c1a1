"""Bodies become alerts, are passed over or refused; nothing else ever happens to them."""

from __future__ import annotations

import copy
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
import sentry_sdk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.sentry_events import FILED, PASSED_OVER, PAYLOADS, RELEASE, Json, body_of, capture, delivered, sample

from booty.observability.alerts.alert import Alert, Request
from booty.observability.alerts.keeping.kept import kept
from booty.observability.alerts.severity import Severity
from booty.observability.sentry.payload import glance, parse
from booty.observability.sentry.resources import InvalidPayload, NotHandled

NO_NUMBER = re.compile(r"\bnan\b|\binf(?:inity)?\b|9{300}|1e\+?400", re.IGNORECASE)
LARGEST_ALERT = 200_000  # characters of JSON


def raise_chained() -> None:
    sentry_sdk.add_breadcrumb(category="query", message="SELECT balance FROM ledger")
    try:
        dict[str, int]()["a-9"]
    except KeyError as error:
        raise LookupError("no row for 'a-9'") from error


@pytest.mark.parametrize("name", FILED)
def test_a_glance_says_of_an_alert_what_the_whole_does(name: str) -> None:
    seen = glance((PAYLOADS / f"{name}.json").read_bytes(), None)

    told = (seen.fingerprint, seen.event, seen.severity, seen.release, seen.environment, seen.occurred_at, seen.own)
    whole = seen.whole
    said = (whole.fingerprint, whole.event, whole.severity, whole.release, whole.environment)
    assert told == (*said, whole.occurred_at, whole.own)
    assert whole.whole is whole


def test_makes_an_alert_of_what_the_sdk_reported() -> None:
    event = capture(raise_chained)

    alert = parse(body_of(delivered(event, rule="booty: new issue")), "event_alert")

    assert alert.kind == "event"
    assert alert.fingerprint == "4507012345678848:6123456789"
    assert alert.event == event["event_id"]
    assert alert.severity is Severity.ERROR
    assert alert.project == "booty"
    assert alert.title == "LookupError: no row for 'a-9'"
    assert alert.release == RELEASE
    assert alert.environment == "production"
    assert alert.rule == "booty: new issue"
    assert alert.sentry_url == "https://sentry.io/organizations/acme/issues/6123456789/"
    assert alert.occurred_at == datetime.fromisoformat(event["timestamp"])
    assert [each.type for each in alert.raised] == ["LookupError", "KeyError"]
    crash = alert.raised[0].frames[-1]
    assert (crash.path, crash.function, crash.in_app) == (__file__, "raise_chained", True)
    assert crash.source == "        raise LookupError(\"no row for 'a-9'\") from error"
    assert [crumb.text for crumb in alert.breadcrumbs] == ["SELECT balance FROM ledger"]
    assert not alert.own


def test_makes_an_alert_of_a_recorded_flask_error() -> None:
    alert = parse((PAYLOADS / "event_alert.triggered.python-flask.json").read_bytes(), "event_alert")

    assert alert.request == Request(method="GET", path="/orders/99")
    assert alert.culprit == "order"
    assert [(frame.path, frame.line) for frame in alert.raised[0].frames if frame.in_app] == [
        ("shop/web.py", 17),
        ("shop/store.py", 15),
    ]
    assert alert.raised[0].frames[-1].absolute_path == "/srv/booty/current/shop/store.py"
    assert ("runtime", "CPython 3.11.7") in alert.contexts


@pytest.mark.parametrize("name", FILED)
def test_files_every_recorded_error(name: str) -> None:
    alert = parse(body_of(sample(name)), name.partition(".")[0])

    assert alert.title
    assert alert.occurred_at
    assert alert.sentry_url
    assert alert.sentry_url.startswith("https://")
    assert Alert.read(alert.record()) == alert


@pytest.mark.parametrize("name", PASSED_OVER)
@pytest.mark.parametrize("resource", ["event_alert", "error", None])
def test_believes_the_body_and_not_the_unsigned_header(name: str, resource: str | None) -> None:
    with pytest.raises(NotHandled) as caught:
        parse(body_of(sample(name)), resource)

    assert caught.value.resource == name.partition(".")[0]


@pytest.mark.parametrize("resource", ["issue", "metric_alert", "", None, "ünïcödé", "a\nb"])
def test_files_an_error_whatever_the_header_says(resource: str | None) -> None:
    body = body_of(sample("error.created.python"))

    assert parse(body, resource).fingerprint == "4504512345674:5078901235"


@pytest.mark.parametrize("action", ["resolved", "deleted", "open"])
def test_passes_over_an_event_of_another_action(action: str) -> None:
    with pytest.raises(NotHandled) as caught:
        parse(body_of(sample("event_alert.triggered.php") | {"action": action}), "event_alert")

    assert caught.value.resource == "event_alert"


@pytest.mark.parametrize("action", ["triggered", "Triggered", "created", None, {}])
def test_files_an_event_even_if_its_action_is_lost(action: object) -> None:
    body = body_of(sample("event_alert.triggered.php") | {"action": action})

    assert parse(body, "event_alert").fingerprint == "150011:5034567890"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"7", b'"text"', b"{", b"not json", b"\xff\xfe", b"\x00", b'{"a":' * 100_000, b"[" * 100_000],
    ids=lambda body: ascii(body[:12]),
)
def test_refuses_what_is_not_a_json_object(body: bytes) -> None:
    with pytest.raises(InvalidPayload) as caught:
        parse(body, "event_alert")

    assert caught.value.missing == ("json_object",)


@pytest.mark.parametrize(
    "payload",
    [{}, {"data": None}, {"data": []}, {"data": {}}, {"data": {"event": None}}, {"data": {"event": "x", "error": 1}}],
    ids=str,
)
@pytest.mark.parametrize("resource", ["event_alert", "error", "metric_alert", None])
def test_refuses_a_body_without_an_event(payload: Json, resource: str | None) -> None:
    with pytest.raises(InvalidPayload) as caught:
        parse(body_of({"action": "triggered"} | payload), resource)

    assert caught.value.missing == ("data.event",)


@pytest.mark.parametrize(
    "odd",
    [
        rb'"title":"half \ud800 a pair"',
        b'"title":"half \xed\xa0\x80 a pair"',
        b'"title":"broken \xff text"',
        b'"title":"a line\nend"',
        b'"title":NaN',
        b'"title":-Infinity',
        b'"title":"x","title":null',
        b'"title":' + b"9" * 5000,
        b'"title":{"a":' + b"[" * 500 + b"]" * 500 + b"}",
        b'"extra":{"a":' + b"[" * 500 + b"]" * 500 + b"}",
    ],
    ids=lambda odd: ascii(odd[:24]),
)
def test_files_what_only_a_patient_reader_can_read(odd: bytes) -> None:
    body = b'\xef\xbb\xbf{"action":"triggered","data":{"event":{"issue_id":"42","level":"fatal",' + odd + b"}}}"

    alert = parse(body, "event_alert")

    assert (alert.fingerprint, alert.severity) == ("unknown:42", Severity.FATAL)
    assert Alert.read(alert.record()) == alert


def test_an_odd_body_says_as_much_as_one_that_every_reader_takes() -> None:
    payload = sample("event_alert.triggered.php")
    payload["data"]["event"]["breadcrumbs"] = {"values": [{"message": f"step {number}"} for number in range(300)]}
    plain = body_of(payload)

    assert parse(plain[:-1] + b',"odd":NaN}', None) == parse(plain, None)


def test_puts_a_mark_where_half_a_character_stood() -> None:
    alert = parse(rb'{"data":{"event":{"issue_id":"42","title":"half \ud83d, whole \ud83d\udc40"}}}', None)

    assert alert.title == "half ?, whole \N{EYES}"


@pytest.mark.parametrize(
    ("letter", "largest"),
    # JSON needs two characters for a quote.
    [*((letter, LARGEST_ALERT) for letter in ("w", "é", "\N{EYES}", "\x1b", "\x01")), ('"', 2 * LARGEST_ALERT)],
    ids=ascii,
)
def test_an_alert_stays_small_whatever_the_size_of_the_event(letter: str, largest: int) -> None:
    long, longer = letter * 1000, letter * 5000
    names = ("filename", "abs_path", "function", "module", "package", "instruction_addr", "context_line")
    lines = {"pre_context": [long] * 9, "post_context": [long] * 9}
    frames: list[Json] = [{**dict.fromkeys(names, long), **lines, "in_app": True, "lineno": 7}] * 60
    thrown = {"type": long, "value": longer, "stacktrace": {"frames": frames}}
    event = sample("event_alert.triggered.python-flask")["data"]["event"] | {
        "title": longer,
        "message": longer,
        "exception": {"values": [thrown] * 10},
        "breadcrumbs": {"values": [{"message": long, "category": long, "level": long}] * 100},
        "tags": [[f"{number}{long}", long] for number in range(100)],
    }

    alert = parse(body_of({"data": {"event": event, "triggered_rule": longer}}), None)

    assert len(json.dumps(kept(alert.record()), ensure_ascii=False).encode()) < largest
    assert len(alert.raised) == 8


def nodes(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside `value`."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from nodes(child, (*path, key))


def replace(payload: Json, path: tuple[Any, ...], value: object) -> None:
    """Put `value` at `path`, unless an earlier replacement took that place away."""
    holder: Any = payload
    with suppress(KeyError, IndexError, TypeError):
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = value


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**300), max_value=10**300)
    | st.floats()
    | st.text(st.characters(codec=None), max_size=20)
    | st.sampled_from(
        ["\ud800", "\x00", "https://[", "1e999", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
WHOLE = {name: sample(name) for name in [*FILED, *PASSED_OVER]}
PATHS = {name: list(nodes(payload)) for name, payload in WHOLE.items()}


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_value_anywhere_in_a_body_breaks_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    payload = copy.deepcopy(WHOLE[name])
    for path in data.draw(st.lists(st.sampled_from(PATHS[name]), min_size=1, max_size=4)):
        replace(payload, path, data.draw(JSON_VALUES))

    try:
        alert = parse(json.dumps(payload).encode("utf-8", "surrogatepass"), data.draw(st.none() | st.text()))
    except (NotHandled, InvalidPayload):
        return

    assert Alert.read(alert.record()) == alert
    assert len(alert.fingerprint) <= 128
    assert len(alert.event) <= 64


@pytest.mark.parametrize("constant", ["NaN", "-Infinity", "1e400", "9" * 400])
@pytest.mark.parametrize("name", FILED)
def test_what_is_not_a_number_leaves_no_trace_wherever_it_is(name: str, constant: str) -> None:
    for path in PATHS[name]:
        payload = copy.deepcopy(WHOLE[name])
        replace(payload, path, "HERE")
        body = json.dumps(payload).replace('"HERE"', constant).encode()
        with suppress(NotHandled, InvalidPayload):
            assert not NO_NUMBER.search(str(parse(body, None).record())), path


@given(body=st.binary())
def test_no_bytes_break_it(body: bytes) -> None:
    with pytest.raises(InvalidPayload):
        parse(body, "event_alert")


@pytest.mark.parametrize("broken", [lambda body: body[:-1], lambda body: body[1:], lambda body: body + b"}"])
def test_refuses_a_body_that_was_cut(broken: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InvalidPayload):
        parse(broken(body_of(sample("event_alert.triggered.php"))), "event_alert")


def test_logs_nothing_of_a_body(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    with pytest.raises(InvalidPayload) as caught:
        parse(b'{"data":{"event":{"title":"hush-hush"}}}', None)

    assert "hush-hush" not in caplog.text + str(caught.value)
