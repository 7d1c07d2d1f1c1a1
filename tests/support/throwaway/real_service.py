"""A droplet that runs the service itself: its settings, the alert that callers send, the ways that it comes."""

from __future__ import annotations

from support.throwaway.droplet import Droplet
from support.throwaway.repository import PROJECT

SECRET = "a-client-secret-of-a-test-droplet"
SECRETS = (
    f"SENTRY_WEBHOOK_SECRET={SECRET}\nTARGET_REPO_URL=https://github.com/owner/repo\nBOOTY_PREVIEW=1\nOBSV_STORM=0\n"
)
"""An issue for each problem, however many come while a busy machine deploys."""
ALERT = (PROJECT / "tests/payloads/event_alert.triggered.python-flask.json").read_text()
THROUGH_NGINX = ("http://127.0.0.1:80", "/webhooks/sentry")
THROUGH_THE_SOCKET = ("unix:/run/booty.sock", "/webhooks/sentry")


def issues(droplet: Droplet) -> list[str]:
    """Return the issues that the service's preview wrote."""
    return droplet.inside("find", "/var/lib/booty", "-name", "*.md", "-not", "-name", "*.comments.md").split()
