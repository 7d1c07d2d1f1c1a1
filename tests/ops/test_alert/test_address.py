"""The public address of the webhook."""

from __future__ import annotations

from pathlib import Path

import pytest

from booty.observability.ops.test_alert.address import SITE, droplets_own, webhook_at


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://alerts.example.com", "https://alerts.example.com/webhooks/sentry"),
        ("https://alerts.example.com/", "https://alerts.example.com/webhooks/sentry"),
        ("https://alerts.example.com/webhooks/sentry", "https://alerts.example.com/webhooks/sentry"),
        ("https://example.com:8443/alerts/webhooks/sentry/", "https://example.com:8443/alerts/webhooks/sentry/"),
    ],
)
def test_a_server_is_asked_at_the_webhooks_path_and_an_address_as_it_is(url: str, address: str) -> None:
    assert webhook_at(url) == address


@pytest.mark.parametrize(
    ("site", "address"),
    [
        ("server {\n  listen 80;\n  server_name alerts.example.com;\n}", "http://alerts.example.com"),
        ("server {\n  listen 443 ssl;\n  server_name alerts.example.com;\n}", "https://alerts.example.com"),
        ("server {\n  listen 80;\n  server_name _;\n}", None),
        ("# server_name alerts.example.com;\n", None),
    ],
)
def test_on_a_droplet_nginx_names_the_address(tmp_path: Path, site: str, address: str | None) -> None:
    (tmp_path / SITE).parent.mkdir(parents=True)
    (tmp_path / SITE).write_text(site)

    assert droplets_own(tmp_path) == address


def test_elsewhere_nobody_does(tmp_path: Path) -> None:
    assert droplets_own(tmp_path) is None
