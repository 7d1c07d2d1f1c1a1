"""What is noted of an answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from support.webhook import SECRET, alert_body, mount, post

from booty.observability.ledger.watch.notes import Notes
from booty.observability.ops.test_alert.body import SampleAlert
from booty.observability.webhook.service import NAME


def heard(app: Flask) -> float:
    notes = app.extensions[NAME].notes
    assert isinstance(notes, Notes)
    return notes.heard_at


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = mount(Flask("host"), tmp_path)
    app.extensions[NAME] = replace(app.extensions[NAME], notes=Notes())
    return app


def test_what_sentry_signed_shows_that_it_is_heard_of(app: Flask) -> None:
    assert post(app.test_client(), alert_body()).status_code == 202

    assert heard(app) > 0


def test_an_alert_of_the_operators_shows_nothing_of_sentry(app: Flask) -> None:
    sample = SampleAlert.new(now=1_795_000_000.0)

    assert post(app.test_client(), sample.body(SECRET)).status_code == 202

    assert heard(app) == 0
