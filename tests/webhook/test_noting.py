"""What is noted of an answer, where somebody wants to know."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.webhook import alert_body, mount, post

from booty.observability.ledger.watch.notes import Notes
from booty.observability.sentry.signature import sign
from booty.observability.webhook.service import NAME


@pytest.fixture
def noted(state: Path) -> tuple[FlaskClient, Notes]:
    notes, app = Notes(), mount(Flask("host"), state, OBSV_FOLLOW="0")
    app.extensions[NAME] = replace(app.extensions[NAME], notes=notes)
    return app.test_client(), notes


@pytest.mark.parametrize(
    ("body", "headers", "outcome", "is_heard"),
    [
        (alert_body(), {}, "accepted", True),
        (alert_body(level="debug"), {}, "below_severity", True),
        (alert_body(), {"Sentry_Hook_Resource": "comment"}, "accepted", True),
        (b'{"data": {"comment_id": 1}}', {"Sentry_Hook_Resource": "comment"}, "not_handled", True),
        (b"{}", {}, "invalid_payload", True),
        (b"{}", {"Sentry_Hook_Signature": "0" * 64}, "invalid_signature", False),
        (b" " * 2_100_000, {"Sentry_Hook_Signature": sign(b"", "x")}, "too_large", False),
    ],
)
def test_every_answer_is_counted_and_sentry_was_heard_of_when_it_signed(
    noted: tuple[FlaskClient, Notes], body: bytes, headers: dict[str, str], outcome: str, *, is_heard: bool
) -> None:
    client, notes = noted
    began_at = time.time()
    post(client, body, **headers)

    assert dict(notes.take()) == {f"webhooks/{outcome}": 1}
    assert (notes.heard_at >= began_at) is is_heard


def test_what_is_no_webhook_is_not_noted(noted: tuple[FlaskClient, Notes]) -> None:
    client, notes = noted
    client.get("/health")
    client.get("/webhooks/sentry")

    assert dict(notes.take()) == {}


def test_nothing_is_noted_where_nobody_wants_to_know(client: FlaskClient) -> None:
    assert client.application.extensions[NAME].notes is None
