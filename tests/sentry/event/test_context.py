"""The request, the breadcrumbs, the machine: what led up to the error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.sentry_events import Json, alert_of, body_of, sample

from booty.observability.alerts.alert import Breadcrumb, Request
from booty.observability.sentry.payload import parse


def crumbs_of(*values: object) -> tuple[Breadcrumb, ...]:
    return alert_of(breadcrumbs={"values": list(values)}).breadcrumbs


def test_tells_the_request_without_host_and_query() -> None:
    request = {"url": "https://shop.example.com/orders/17?token=hush#x", "method": "POST", "query_string": [["a", "b"]]}

    assert alert_of(request=request).request == Request(method="POST", path="/orders/17")


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (None, None),
        ({}, None),
        ("x", None),
        ({"url": None, "method": None}, None),
        ({"url": "https://shop.example.com"}, Request(path="/")),
        ({"url": "/orders?x=1"}, Request(path="/orders")),
        ({"url": "apiKey: 'aB3dE6gH9j'?x"}, Request(path="apiKey: 'aB3dE6gH9j'")),
        ({"url": "//user:pw@shop.example.com/orders"}, Request(path="/orders")),
        ({"url": "https://[", "method": "GET"}, Request(method="GET")),
        ({"url": "https://a\u2100b/x"}, None),
        ({"method": ["GET"], "url": 7}, Request(path="7")),
    ],
)
def test_a_request_bears_what_does_not_fit(request_: object, expected: Request | None) -> None:
    assert alert_of(request=request_).request == expected


def test_keeps_the_last_breadcrumbs_oldest_first() -> None:
    values = [{"message": str(number)} for number in range(100)]
    debug = [{"message": "dropped", "level": "debug"}] * 3
    alert = alert_of(breadcrumbs={"values": [*values, *debug, {}]})

    assert [crumb.text for crumb in alert.breadcrumbs] == ["92", "93", "94", "95", "96", "97", "98", "99"]
    assert alert.breadcrumbs_before == 92


def test_leaves_out_no_breadcrumb_of_a_few() -> None:
    alert = alert_of(breadcrumbs={"values": [{"message": "first"}, {"data": {"nested": {}}}, {"message": "last"}]})

    assert [crumb.text for crumb in alert.breadcrumbs] == ["first", "last"]
    assert alert.breadcrumbs_before == 0


def test_drops_debug_breadcrumbs_before_it_counts() -> None:
    kept = [{"message": f"kept {number}", "level": "info"} for number in range(3)]
    dropped = [{"message": "dropped", "level": level} for level in ("debug", "DEBUG")] * 45

    assert [crumb.text for crumb in crumbs_of(*kept, *dropped)] == ["kept 0", "kept 1", "kept 2"]


def test_a_breadcrumb_has_its_time_category_and_level() -> None:
    values = {"timestamp": 1772446501.5, "category": "query", "level": "Warning", "message": "SELECT 1"}

    assert crumbs_of(values) == (
        Breadcrumb(
            at=datetime(2026, 3, 2, 10, 15, 1, 500_000, tzinfo=UTC), category="query", level="warning", text="SELECT 1"
        ),
    )


@pytest.mark.parametrize(
    ("crumb", "text"),
    [
        ({"message": "said", "data": {"url": "https://a"}}, "said"),
        (
            {"data": {"method": "GET", "url": "https://u:p@api.example.com/cart?token=hush#f", "status_code": 404}},
            "GET https://api.example.com/cart 404",
        ),
        (
            {"data": {"http.method": "POST", "url": "/cart", "http.response.status_code": 500, "reason": "Oops"}},
            "POST /cart 500 Oops",
        ),
        ({"data": {"url": "https://["}}, "http"),
        ({"data": {"from": "/cart?session=hush", "to": "/checkout?session=hush"}}, "/cart to /checkout"),
        ({"data": {"arguments": ["missing", 3, None, {"deep": 1}]}}, "arguments: missing 3"),
        (
            {"data": {"controller": "Members", "action": "show", "params": {"id": "0"}}},
            "controller: Members, action: show",
        ),
        (
            {"data": {"from": "/cart?session=hush", "referrer": "https://u:p@a/b?token=hush"}},
            "from: /cart, referrer: https://a/b",
        ),
        ({"data": {"deep": {"er": 1}}, "category": "redis"}, "redis"),
        ({"data": {}, "category": None}, "http"),
        ({"message": {"not": "text"}, "data": "neither"}, "http"),
        ({"message": " \n"}, "http"),
    ],
    ids=str,
)
def test_a_breadcrumb_always_has_words_and_never_a_dictionary(crumb: Json, text: str) -> None:
    assert [each.text for each in crumbs_of({"type": "http", **crumb})] == [text]


def test_a_breadcrumb_without_a_word_is_none() -> None:
    assert crumbs_of({}, None, 7, {"level": "info"}, {"timestamp": 1.0, "data": None}) == ()


@pytest.mark.parametrize("breadcrumbs", [None, {}, [], "x", {"values": None}, {"values": {}}], ids=str)
def test_an_event_can_be_without_breadcrumbs(breadcrumbs: object) -> None:
    assert alert_of(breadcrumbs=breadcrumbs).breadcrumbs == ()


def test_publishes_no_query_of_a_real_browsers_breadcrumbs() -> None:
    alert = parse(body_of(sample("event_alert.triggered.javascript-browser")), "event_alert")

    assert [crumb.text for crumb in alert.breadcrumbs] == [
        "/cart to /checkout",
        "button#pay.btn.btn-primary",
        "GET https://api.example.com/v2/cart 200",
        "logger: console, arguments: missing summary",
    ]
    assert "s3cr3t" not in str(alert.record())
    assert "9f8e7d" not in str(alert.record())


def test_tells_what_it_ran_on() -> None:
    contexts = {
        "runtime": {"name": "CPython", "version": "3.11.7"},
        "os": None,
        "client_os": {"name": "Windows"},
        "browser": "x",
        "device": {"model": "Pixel 8"},
        "trace": {"name": "no machine"},
    }

    assert alert_of(contexts=contexts).contexts == (
        ("runtime", "CPython 3.11.7"),
        ("os", "Windows"),
        ("device", "Pixel 8"),
    )


def test_tells_tags_without_who_the_user_was() -> None:
    tags = [
        ["user", "ip:203.0.113.7"],
        ["user.email", "a@b"],
        ["url", "https://a/b?token=1"],
        ["x", None],
        None,
        ["n", 3],
    ]

    assert alert_of(tags=tags).tags == (("url", "https://a/b"), ("n", "3"))


def test_a_tag_whose_name_tells_of_a_secret_keeps_its_name_alone() -> None:
    tags = [["password", "hunter2"], ["session", "zq9xy77Azq9xy77A"], ["auth", "none"], ["x-api-key", "a b c"]]

    assert alert_of(tags=tags).tags == (
        ("password", "[redacted]"),
        ("session", "[redacted]"),
        ("auth", "none"),
        ("x-api-key", "[redacted]"),
    )


@pytest.mark.parametrize("length", [10, 160, 5000])
def test_a_tag_that_comes_again_is_told_the_same(length: int) -> None:
    tags = [["url", f"https://a/{'b' * length}?token=1"], ["password", "hunter2" * length]]

    first, second = alert_of(tags=tags).tags, alert_of(tags=tags).tags

    assert first == second
    assert first[0][1] == f"https://a/{'b' * length}"[: len(first[0][1])]
    assert first[1] == ("password", "[redacted]")


def test_a_breadcrumbs_data_keeps_nothing_beside_a_name_that_tells_of_a_secret() -> None:
    data = {"db.password": "correct horse battery", "rows": 3, "auth": "none"}

    (crumb,) = alert_of(breadcrumbs=[{"data": data}]).breadcrumbs

    assert crumb.text == "db.password: [redacted], rows: 3, auth: none"


@pytest.mark.parametrize("data", [{"key": "password", "value": "horse"}, {"arguments": ["--password", "horse"]}])
def test_a_breadcrumbs_data_may_name_a_secret_in_another_entry(data: Json) -> None:
    assert "horse" not in crumbs_of({"category": "log", "data": data})[0].text


@pytest.mark.parametrize(
    ("event", "at"),
    [
        ({"datetime": "2026-03-02T10:15:30.123000Z"}, datetime(2026, 3, 2, 10, 15, 30, 123_000, tzinfo=UTC)),
        ({"datetime": "2026-03-02T11:15:30+01:00"}, datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)),
        ({"datetime": "2026-03-02T10:15:30"}, datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)),
        ({"datetime": None, "timestamp": 1772446530.25}, datetime(2026, 3, 2, 10, 15, 30, 250_000, tzinfo=UTC)),
        ({"datetime": "yesterday", "timestamp": 1772446530}, datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)),
        ({"datetime": "9999-12-31T23:59:59-23:59", "timestamp": 10**40}, None),
        ({"datetime": "0001-01-01T00:00:00+23:59", "timestamp": float("inf")}, None),
        ({}, None),
    ],
    ids=str,
)
def test_tells_when_it_happened_in_utc(event: Json, at: datetime | None) -> None:
    occurred_at = alert_of(**event).occurred_at

    assert occurred_at == at
    assert occurred_at is None or occurred_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("constant", ["NaN", "-Infinity", "1e400", "9" * 309, "9" * 4299, "9" * 5000])
def test_what_is_not_a_number_says_nothing_in_a_breadcrumb_or_a_tag(constant: str) -> None:
    event = f'"breadcrumbs":[{{"data":{{"took":{constant},"at":[1,{constant}]}}}}],"tags":[["a",{constant}],["b","c"]]'
    alert = parse(f'{{"data":{{"event":{{"issue_id":"7",{event}}}}}}}'.encode(), "event_alert")

    assert [crumb.text for crumb in alert.breadcrumbs] == ["at: 1"]
    assert alert.tags == (("b", "c"),)


def test_a_phone_is_known_by_its_model_and_not_by_the_name_that_its_owner_gave_it() -> None:
    device = {"name": "Jo's Pixel", "model": "Pixel 8", "family": "Pixel"}

    assert alert_of(contexts={"device": device}).contexts == (("device", "Pixel 8"),)
    assert alert_of(contexts={"device": {"name": "Jo's Pixel"}}).contexts == ()


def test_a_tag_that_a_context_says_already_is_left_out() -> None:
    tags = [["browser", "Chrome 131.0.0"], ["browser.name", "Chrome"], ["os", "Windows"], ["url", "https://a/"]]
    alert = alert_of(contexts={"browser": {"name": "Chrome", "version": "131.0.0"}}, tags=tags)

    assert alert.tags == (("os", "Windows"), ("url", "https://a/"))
