"""What /health says to whoever asks."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from support.webhook import ENVIRON, alert_body, answer, mount, post

from booty.observability.config import Settings
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.watch.troubles import WELL
from booty.observability.webhook.draining import Draining
from booty.observability.webhook.health import LEAVING
from booty.observability.webhook.service import NAME
from booty.observability.wiring import init_app


def test_health_names_the_release(state: Path) -> None:
    release = f"booty@{'a' * 40}"
    client = mount(Flask("host"), state, SENTRY_RELEASE=release).test_client()

    assert answer(client.get("/health")) == (200, {"status": "ok", "release": release, "detail": WELL})


def test_health_without_a_release_says_so(client: FlaskClient) -> None:
    assert answer(client.get("/health")) == (200, {"status": "ok", "release": None, "detail": WELL})


def test_health_says_what_holds_deliveries_up(client: FlaskClient, state: Path) -> None:
    now = time.time()
    SqliteEngine(state).transact(
        lambda shelf: shelf.update({"gate": {"at": now, "paused_until": now + 60, "reason": "x"}})
    )

    status, said = answer(client.get("/health"))

    assert (status, said["status"], said["deliveries"]) == (200, "ok", "paused")
    assert said["detail"] == "deliveries wait, since GitHub limits the rate or did not answer: they go on by themselves"


def test_health_tells_a_person_what_is_wrong_and_names_nothing_of_ours(client: FlaskClient, state: Path) -> None:
    now = time.time()
    letter = {"alert": {"title": "Boom in acme/shop"}, "reason": "GitHub answered 422: acme/shop", "refused_at": now}
    stop = {"reason": "acme/shop: bad token", "remedy": "set it", "since": now, "tries": 0, "next_at": now + 60}
    records = {"gate": {"stopped": stop}, "refused/1:2": letter, "refused_at": now}
    records |= {f"due/{round(1000 * now):015d}/1:3": now - 3600, "owed/1:3": {"alert": {"title": "Boom"}}}
    SqliteEngine(state).transact(lambda shelf: shelf.update(records))

    words = answer(client.get("/health"))[1]["detail"].split("; ")

    assert [word.partition(":")[0][:24] for word in words] == [
        "deliveries are stopped, ",
        "an alert has waited sinc",
        "GitHub refused an alert",
    ]
    assert not any(name in " ".join(words) for name in ("acme", "shop", "Boom", "1:2", "bad token"))


def test_a_host_that_drains_says_so_and_still_takes_alerts(client: FlaskClient) -> None:
    draining, extensions = Draining(is_last=lambda: True), client.application.extensions
    extensions[NAME] = replace(extensions[NAME], draining=draining)
    assert client.get("/health").status_code == 200

    draining.begin()

    assert answer(client.get("/health")) == (503, {"status": "draining", "release": None, "detail": LEAVING})
    assert post(client, alert_body()).status_code == 202


def test_health_can_be_left_out(state: Path) -> None:
    app = Flask("host")
    init_app(app, Settings.load(ENVIRON | {"BOOTY_STATE_DIR": str(state), "BOOTY_CANDIDATE": "1"}), health=False)

    assert app.test_client().get("/health").status_code == 404
    assert post(app.test_client(), alert_body()).status_code == 202
