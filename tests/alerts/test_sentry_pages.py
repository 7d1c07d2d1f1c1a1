"""Only Sentry's own pages are linked: those of the Sentry that is set, over the way that is set."""

from __future__ import annotations

import pytest

from booty.observability.alerts.sentry_pages import SentryPages

CLOUD = "https://sentry.io"
HOME = "http://sentry.lan:9000"
PRIVATE = "https://sentry.example.com"


@pytest.mark.parametrize(
    ("sentry", "address", "link"),
    [
        (CLOUD, "https://sentry.io/organizations/acme/issues/61/", None),
        (CLOUD, "https://acme.sentry.io/issues/61/", None),
        (CLOUD, "https://us.sentry.io/organizations/acme/issues/61/", None),
        ("https://de.sentry.io", "https://acme.sentry.io/issues/61/", None),
        ("https://de.sentry.io", "https://acme.de.sentry.io/issues/61/", None),
        (CLOUD, "https://sentry.io:443/issues/61/", None),
        (PRIVATE, "https://sentry.example.com/acme/issues/61", None),
        (PRIVATE, "https://acme.sentry.example.com/issues/61/", None),
        ("https://tools.example/sentry", "https://tools.example/sentry/organizations/acme/issues/8/", None),
        ("https://sentry.example.com:9000", "https://sentry.example.com:9000/acme/issues/61", None),
        (HOME, "http://sentry.lan:9000/organizations/acme/issues/8/", None),
        (HOME, "https://sentry.lan:9000/organizations/acme/issues/8/", None),
        ("http://10.0.0.5", "http://10.0.0.5/organizations/acme/issues/8/", None),
        (CLOUD, "https://acme.sentry.io/issues/61/?referrer=webhooks", "https://acme.sentry.io/issues/61/"),
        (CLOUD, "https://acme.sentry.io/alerts/rules/details/7/?a=b&alert=23&c=d",
         "https://acme.sentry.io/alerts/rules/details/7/?alert=23"),
        (CLOUD, "https://acme.sentry.io/alerts/rules/details/7/?xalert=23",
         "https://acme.sentry.io/alerts/rules/details/7/"),
    ],
)  # fmt: skip
def test_links_to_pages_of_its_own(sentry: str, address: str, link: str | None) -> None:
    assert SentryPages(sentry).link(address) == (link or address)


@pytest.mark.parametrize(
    ("sentry", "address"),
    [
        (CLOUD, "https://sentry-io.evil.example/organizations/acme/issues/16/"),
        (CLOUD, "https://sentry.io.evil.example/issues/61/"),
        (CLOUD, "https://evilsentry.io/issues/61/"),
        (CLOUD, "https://sentry.io@evil.example/issues/61/"),
        (CLOUD, "https://sentry.io:8443/issues/61/"),
        (CLOUD, "https://sentry.io:99999/issues/61/"),
        (CLOUD, "http://sentry.io/issues/61/"),
        (CLOUD, HOME + "/issues/61/"),
        (PRIVATE, "https://sentry.io/issues/61/"),
        (PRIVATE, "https://example.com/issues/61/"),
        (PRIVATE, "http://sentry.example.com/issues/61/"),
        (HOME, "http://sentry.lan/issues/61/"),
        (HOME, "http://sentry.lan:9001/issues/61/"),
        (CLOUD, "https://SENTRY.IO/issues/61/"),
        (CLOUD, "https://sentry.io"),
        (CLOUD, "javascript:alert(1)"),
        (CLOUD, "https://sentry.io/issues/61) [x](https://evil.example"),
        (CLOUD, "https://sentry.io/issues/61/<img>"),
        (CLOUD, "https://sentry.io/issues/61/ @octocat"),
        (CLOUD, "https://sentry.io/issues/61/#fragment"),
        (CLOUD, "https://sentry.io/\nissues"),
        (CLOUD, "https://sentry.io/issues/gh" + "p_aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3d/"),
        (CLOUD, "https://"),
        (CLOUD, ""),
    ],
)  # fmt: skip
def test_links_to_nothing_else(sentry: str, address: str) -> None:
    assert SentryPages(sentry).link(address) is None
