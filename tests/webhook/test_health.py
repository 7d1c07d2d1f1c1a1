"""What /health says to whoever asks."""

from __future__ import annotations

import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from support.webhook import ENVIRON, alert_body, answer, mount, post

from booty.observability.config import Settings
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.wiring import init_app


def test_health_names_the_release(state: Path) -> None:
    release = f"booty@{'a' * 40}"
    client = mount(Flask("host"), state, SENTRY_RELEASE=release).test_client()

    assert answer(client.get("/health")) == (200, {"status": "ok", "release": release})


def test_health_without_a_release_says_so(client: FlaskClient) -> None:
    assert answer(client.get("/health")) == (200, {"status": "ok", "release": None})


def test_health_says_what_holds_deliveries_up(client: FlaskClient, state: Path) -> None:
    now = time.time()
    SqliteEngine(state).transact(
        lambda shelf: shelf.update({"gate": {"at": now, "paused_until": now + 60, "reason": "x"}})
    )

    assert answer(client.get("/health")) == (200, {"status": "ok", "release": None, "deliveries": "paused"})


def test_health_can_be_left_out(state: Path) -> None:
    app = Flask("host")
    init_app(app, Settings.load(ENVIRON | {"BOOTY_STATE_DIR": str(state), "BOOTY_CANDIDATE": "1"}), health=False)

    assert app.test_client().get("/health").status_code == 404
    assert post(app.test_client(), alert_body()).status_code == 202
