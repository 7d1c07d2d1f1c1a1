"""What is refused, with which status, and what the log says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from support.webhook import SECRET, alert_body, answer, post

from booty.observability.sentry.signature import sign
from booty.observability.webhook.health import UNUSABLE


@pytest.mark.parametrize(
    "signature",
    [None, "", "0" * 64, "ünïcödé", "\xff" * 64, sign(alert_body(), SECRET).upper(), sign(b"another body", SECRET)],
    ids=["missing", "empty", "wrong", "umlauts", "not ASCII", "upper case", "another body"],
)
def test_a_bad_or_missing_signature_is_refused_and_told_nothing_more(
    client: FlaskClient, state: Path, signature: str | None
) -> None:
    response = post(client, alert_body(), Sentry_Hook_Signature=signature)

    assert answer(response) == (401, {"error": "invalid_signature"})
    assert not state.exists()


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (b"", ["json_object"]),
        (b"not json", ["json_object"]),
        (b"[]", ["json_object"]),
        (b"null", ["json_object"]),
        (b'"text"', ["json_object"]),
        (b"\xff\xfe", ["json_object"]),
        (b"[" * 100_000, ["json_object"]),
        (b"{}", ["data.event"]),
        (b'{"data": null}', ["data.event"]),
        (b'{"data": []}', ["data.event"]),
        (b'{"action": "triggered", "data": {"event": null}}', ["data.event"]),
        (b'{"action": "triggered", "data": {"event": {}}}', ["issue_id", "issue_url", "hashes"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_signed_body_that_is_not_an_alert_is_refused_with_what_it_lacks(
    client: FlaskClient, body: bytes, missing: list[str]
) -> None:
    response = post(client, body)

    assert answer(response) == (422, {"error": "invalid_payload", "missing": missing})


def test_an_alert_without_an_id_is_refused_whichever_header_carries_its_signature(client: FlaskClient) -> None:
    body = b'{"action": "triggered", "data": {"event": {}}}'

    response = post(client, body, Sentry_Hook_Signature=None, Sentry_App_Signature=sign(body, SECRET))

    assert response.status_code == 422


UNSIGNED, CUT, ANOTHERS = "alert_unsigned", "alert_cut", "alert_unverified"
WHOLE = alert_body(message="x {", title="}")


@pytest.mark.parametrize(
    ("body", "signature", "event"),
    [
        (WHOLE, None, UNSIGNED),
        (WHOLE, " ", UNSIGNED),
        (WHOLE[:50], None, UNSIGNED),
        (WHOLE[:-1], sign(WHOLE, SECRET), CUT),
        (WHOLE[:50], sign(WHOLE, SECRET), CUT),
        (WHOLE[: WHOLE.index(b"}") + 1], sign(WHOLE, SECRET), CUT),
        (WHOLE[7:], sign(WHOLE, SECRET), CUT),
        (b"", sign(WHOLE, SECRET), CUT),
        (alert_body(message="x" * 200_000)[:150_000], sign(WHOLE, SECRET), CUT),
        (WHOLE, sign(WHOLE, "another-secret-of-theirs"), ANOTHERS),
        (WHOLE + b"\n", sign(WHOLE, SECRET), ANOTHERS),
        (alert_body(message="x" * 200_000), sign(WHOLE, SECRET), ANOTHERS),
    ],
)
def test_the_log_tells_unsigned_cut_and_signed_by_another_secret_apart(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, body: bytes, signature: str | None, event: str
) -> None:
    for header in ("Sentry_Hook_Signature", "Sentry_App_Signature"):
        response = post(client, body, **{"Sentry_Hook_Signature": None, header: signature})

        assert answer(response) == (401, {"error": "invalid_signature"})

    assert [record.getMessage() for record in caplog.records] == [event, event]


def test_each_of_the_three_has_a_remedy_of_its_own(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    for body, signature in ((WHOLE, None), (WHOLE[:-1], "0" * 64), (WHOLE, "0" * 64)):
        post(client, body, Sentry_Hook_Signature=signature)

    assert len({record.__dict__["remedy"] for record in caplog.records}) == 3


def test_a_ledger_that_cannot_write_is_answered_503_until_it_can(client: FlaskClient, state: Path) -> None:
    state.write_text("a file where the directory should be")

    refused, ill = post(client, alert_body()), client.get("/health")
    state.unlink()

    assert answer(refused) == (503, {"error": "not_stored"})
    assert answer(ill) == (503, {"status": "ledger_unusable", "release": None, "detail": UNUSABLE})
    assert post(client, alert_body()).status_code == 202
    assert client.get("/health").status_code == 200
