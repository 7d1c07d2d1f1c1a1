"""The webhook, mounted in an app, and a caller that signs as Sentry does."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from support.sentry_events import ISSUE, PROJECT, Json, body_of
from werkzeug.test import TestResponse

from booty.observability.config import Settings
from booty.observability.sentry.signature import sign
from booty.observability.webhook.routes import PATH
from booty.observability.wiring import init_app

SECRET = "hush-hush-hush-hush"
OLDER = "an-older-secret-of-theirs"
ENVIRON = {"SENTRY_WEBHOOK_SECRET": f"{SECRET},{OLDER}", "TARGET_REPO_URL": "acme/shop", "BOOTY_PREVIEW": "1"}
FINGERPRINT = f"{PROJECT}:{ISSUE}"


def mount(app: Flask, state: Path, **changes: str) -> Flask:
    """Mount the webhook of a candidate release in `app`."""
    environ = ENVIRON | {"BOOTY_STATE_DIR": str(state), "BOOTY_CANDIDATE": "1"} | changes
    init_app(app, Settings.load(environ))
    return app


def post(client: FlaskClient, body: bytes, path: str = PATH, /, **headers: str | None) -> TestResponse:
    """Post as Sentry does, signed; `headers` (`_` for `-`) replace Sentry's own, None leaves one out."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    own = {"Sentry-Hook-Resource": "event_alert", "Sentry-Hook-Signature": sign(body, SECRET)}
    sent = {name: value for name, value in (own | named).items() if value is not None}
    return client.post(path, data=body, headers=sent, content_type="application/json")


def alert_body(**event: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return the body of a small alert, with `event` in it."""
    plain = {"issue_id": ISSUE, "project": PROJECT, "event_id": "e" * 32, "level": "error", "title": "Boom"}
    return body_of({"action": "triggered", "data": {"event": plain | event}})


def answer(response: TestResponse) -> tuple[int, Json]:
    """Return the status of an answer, and the JSON in it."""
    assert response.content_type == "application/json"
    return response.status_code, response.get_json()


def keys_of(state: Path) -> list[str]:
    """Return the keys of the ledger, read from the disk by another connection."""
    with sqlite3.connect(state / "ledger-1.sqlite3") as connection:
        return [bytes(key).decode() for (key,) in connection.execute("SELECT key FROM entries ORDER BY key")]
