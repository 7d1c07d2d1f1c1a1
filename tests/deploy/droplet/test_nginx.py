"""What nginx sends where: the service's paths to the service, never by a redirect, the rest to Booty itself."""

from __future__ import annotations

import subprocess
from collections import Counter

import pytest
from support.throwaway.droplet import Droplet


def through_nginx(droplet: Droplet, *words: str) -> str:
    command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", *words]
    return subprocess.run(droplet.box("beside", *command), capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("path", ["/webhooks/sentry", "/webhooks/sentry/", "/health"])
def test_nginx_sends_these_paths_to_the_service_without_redirect(droplet: Droplet, old: str, path: str) -> None:
    answered = through_nginx(droplet, "-X", "POST", "-d", "{}", f"http://localhost{path}")

    assert answered in {"200 ", "202 "}
    assert droplet.current() == old


def test_nginx_refuses_a_body_over_two_mebibytes(droplet: Droplet) -> None:
    sizes = {2 * 1024 * 1024: "202 ", 2 * 1024 * 1024 + 1: "413 "}

    for size, answer in sizes.items():
        body = droplet.keys / "body"
        body.write_bytes(b"x" * size)
        assert through_nginx(droplet, "--data-binary", f"@{body}", "http://localhost/webhooks/sentry") == answer


def many_through_nginx(droplet: Droplet, times: int, *words: str) -> dict[str, int]:
    """Ask for one address so many times, as fast as it is answered; return how often came which status."""
    *options, address = words
    command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}\n", *options, f"{address}?[1-{times}]"]
    done = subprocess.run(droplet.box("beside", *command), capture_output=True, text=True, check=True)
    return dict(Counter(done.stdout.split()))


@pytest.mark.usefixtures("old")
def test_nginx_limits_how_often_a_stranger_asks_for_health(droplet: Droplet) -> None:
    statuses = many_through_nginx(droplet, 1000, "http://localhost/health")

    assert set(statuses) == {"200", "429"}
    assert statuses["200"] < 500


@pytest.mark.usefixtures("old")
def test_nginx_lets_a_storm_of_alerts_through(droplet: Droplet) -> None:
    assert many_through_nginx(droplet, 3000, "-X", "POST", "-d", "{}", "http://localhost/webhooks/sentry") == {
        "202": 3000
    }


def test_nginx_leaves_other_paths_to_booty_itself(droplet: Droplet) -> None:
    answered = through_nginx(droplet, "http://localhost/webhooks/github")

    assert answered in ("502 ", "501 ")  # Booty itself does not run here, or knows no GET: not this service's 200
