"""The pages of a problem in Sentry, whatever host they are of."""

from __future__ import annotations

import pytest
from support.sentry_events import API, alert_of, body_of, sample

from booty.observability.sentry.payload import parse


@pytest.mark.parametrize(
    ("event", "link"),
    [
        (
            {"web_url": "https://sentry.io/organizations/acme/issues/7/events/abc/?referrer=x"},
            "https://sentry.io/organizations/acme/issues/7/",
        ),
        ({"web_url": "https://acme.sentry.io/issues/7/events/abc/"}, "https://acme.sentry.io/issues/7/"),
        ({"web_url": "https://sentry.acme:9000/acme/shop/issues/7"}, "https://sentry.acme:9000/acme/shop/issues/7/"),
        (
            {"web_url": None, "issue_url": f"{API}/organizations/acme/issues/7/"},
            "https://sentry.io/organizations/acme/issues/7/",
        ),
        (
            {"issue_url": f"{API}/issues/7/", "url": f"{API}/projects/acme/shop/events/abc/"},
            "https://sentry.io/organizations/acme/issues/7/",
        ),
        ({"issue_url": f"{API}/issues/7/"}, None),
        ({"web_url": "http://sentry.lan:9000/acme/issues/7/events/a/"}, "http://sentry.lan:9000/acme/issues/7/"),
        ({"web_url": "https://sentry.io@evil.example/issues/7/"}, "https://sentry.io@evil.example/issues/7/"),
        ({"web_url": "https://sentry.io/a)[x](https://e.example/"}, "https://sentry.io/a)[x](https://e.example/"),
        ({"web_url": "javascript:alert(1)//sentry.io/issues/7/"}, None),
        ({"web_url": "https://sentry.io/ @octocat"}, None),
        ({"web_url": "https://sentry.io/organizations/acme\n/issues/7/"}, None),
        ({"web_url": "https://sentry.io/organizations/acme/issues/\N{ARABIC-INDIC DIGIT SEVEN}/"}, None),
        ({"web_url": 7, "issue_url": [], "url": {}}, None),
    ],
)
def test_finds_the_address_of_the_issue_which_may_be_of_any_host(event: dict[str, object], link: str | None) -> None:
    assert alert_of(**event).sentry_url == link


@pytest.mark.parametrize(
    ("web_url", "link"),
    [
        ("https://sentry.io/organizations/acme/alerts/1/", "https://sentry.io/organizations/acme/alerts/1/"),
        (
            "https://acme.sentry.io/alerts/rules/details/4/?alert=9&x=1",
            "https://acme.sentry.io/alerts/rules/details/4/?alert=9",
        ),
        ("http://sentry.lan:9000/organizations/acme/alerts/1/", "http://sentry.lan:9000/organizations/acme/alerts/1/"),
        ("https://sentry.io@evil.example/alerts/1/", "https://sentry.io@evil.example/alerts/1/"),
        (None, None),
        ([], None),
    ],
)
def test_finds_the_address_of_the_metric_alert_which_may_be_of_any_host(web_url: object, link: str | None) -> None:
    payload = sample("metric_alert.critical")
    payload["data"]["web_url"] = web_url

    assert parse(body_of(payload), "metric_alert").sentry_url == link


def test_a_metric_alert_without_its_own_id_is_known_by_its_rule() -> None:
    payload = sample("metric_alert.critical")
    payload["data"]["metric_alert"]["id"] = None

    assert parse(body_of(payload), "metric_alert").fingerprint == "metric:4031"
