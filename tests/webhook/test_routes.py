"""The answers: bytes in at the door of a Flask app, a status with a JSON body out."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.sentry_events import Json, body_of, sample
from support.service import eventually
from support.webhook import FINGERPRINT, OLDER, SECRET, alert_body, answer, keys_of, mount, post

from booty.observability.sentry.signature import sign
from booty.observability.webhook.body import LONGEST_BODY
from booty.observability.webhook.routes import PATH
from booty.observability.webhook.service import Observability


def test_a_good_alert_is_on_disk_when_it_is_accepted(client: FlaskClient, state: Path) -> None:
    response = post(client, alert_body())

    assert answer(response) == (202, {"status": "accepted", "fingerprint": FINGERPRINT})
    assert f"owed/{FINGERPRINT}" in keys_of(state)


def test_the_answers_to_alerts_are_those_that_flask_would_make(client: FlaskClient) -> None:
    bodies = (
        alert_body(),
        alert_body(event_id="f" * 32),
        alert_body(issue_id=None, hashes=['"\\\u00e9'], level="fatal"),
    )

    for body in bodies:
        response = post(client, body)
        with client.application.test_request_context():
            made = client.application.make_response((response.get_json(), response.status_code))

        assert (response.status, response.data, [*response.headers]) == (made.status, made.data, [*made.headers])


def test_the_same_problem_again_is_cooling_down(client: FlaskClient) -> None:
    post(client, alert_body())

    again = post(client, alert_body(event_id="f" * 32))

    assert answer(again) == (200, {"status": "ignored", "reason": "cooldown"})


def test_another_problem_is_accepted(client: FlaskClient) -> None:
    post(client, alert_body())

    assert post(client, alert_body(issue_id="77")).status_code == 202


def test_what_is_below_the_least_severity_is_ignored_and_leaves_a_line_of_the_journal(
    client: FlaskClient, state: Path
) -> None:
    response = post(client, alert_body(level="warning"))

    assert answer(response) == (200, {"status": "ignored", "reason": "below_severity"})
    assert keys_of(state) == ["journal", "journal/00000", "schema"]


def test_a_kind_of_problem_with_a_least_severity_of_its_own_is_filed_by_it(state: Path) -> None:
    client = mount(Flask("host"), state, OBSV_MIN_SEVERITY_PERFORMANCE="info").test_client()
    slow, feedback = ({"level": "info", "occurrence": {"type": number, "level": "info"}} for number in (1001, 6001))

    assert post(client, alert_body(**slow)).status_code == 202
    assert answer(post(client, alert_body(**feedback)))[1] == {"status": "ignored", "reason": "below_severity"}
    assert answer(post(client, alert_body(level="info")))[1] == {"status": "ignored", "reason": "below_severity"}


@pytest.mark.parametrize(("setting", "is_stored"), [("0", False), ("1", True)])
def test_local_variables_are_stored_only_where_they_are_wanted(state: Path, setting: str, *, is_stored: bool) -> None:
    client = mount(Flask("host"), state, OBSV_LOCALS=setting).test_client()
    frame = {"function": "f", "filename": "a.py", "in_app": True, "vars": {"cart": "<Cart 4711>"}}
    post(client, alert_body(exception=[{"type": "E", "stacktrace": {"frames": [frame]}}]))

    files = b"".join(path.read_bytes() for path in state.iterdir())
    assert (b"<Cart 4711>" in files) is is_stored


@pytest.mark.parametrize("level", [None, 40, "critical", "", [], {"x": 1}])
def test_an_unknown_level_is_filed_all_the_same(client: FlaskClient, level: object) -> None:
    assert post(client, alert_body(level=level)).status_code == 202


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("comment.created", "comment"),
        ("installation.deleted", "installation"),
        ("seer.root_cause_completed", "seer"),
        ("issue.assigned", "issue"),
        ("activity_alert.triggered", "activity_alert"),
    ],
)
def test_a_resource_without_an_alert_is_not_handled(client: FlaskClient, name: str, resource: str) -> None:
    response = post(client, body_of(sample(name)), Sentry_Hook_Resource=resource)

    assert answer(response) == (200, {"status": "ignored", "reason": "not_handled"})


@pytest.mark.parametrize("severity", ["critical", "warning"])
def test_a_metric_alert_is_decided_about_by_its_severity(client: FlaskClient, severity: str) -> None:
    response = post(client, body_of(sample(f"metric_alert.{severity}")), Sentry_Hook_Resource="metric_alert")

    assert response.status_code == {"critical": 202, "warning": 200}[severity]


def test_an_alert_about_the_alert_path_itself_is_not_handled(client: FlaskClient) -> None:
    response = post(client, alert_body(tags=[["booty.path", "alert"], ["level", "error"]]))

    assert answer(response) == (200, {"status": "ignored", "reason": "not_handled"})


@pytest.mark.parametrize("secret", [SECRET, OLDER])
def test_each_secret_verifies_while_they_are_rotated(client: FlaskClient, secret: str) -> None:
    body = alert_body()

    assert post(client, body, Sentry_Hook_Signature=sign(body, secret)).status_code == 202


def test_the_signature_is_checked_before_the_body_is_parsed(client: FlaskClient) -> None:
    assert post(client, b"not json", Sentry_Hook_Signature="0" * 64).status_code == 401


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=st.dictionaries(st.sampled_from(["level", "project", "issue_id", "tags", "exception", "title"]), JSON))
def test_no_signed_event_gets_a_server_error(client: FlaskClient, event: Json) -> None:
    response = post(client, body_of({"action": "triggered", "data": {"event": event}}))

    assert response.status_code in {200, 202, 422}


def test_an_alert_rule_that_is_saved_is_verified_and_answered_200(client: FlaskClient, state: Path) -> None:
    body = body_of({"fields": [{"name": "repo", "value": "x"}], "installationId": "7a485448"})
    signature = sign(body, SECRET)

    response = post(client, body, Sentry_Hook_Signature=None, Sentry_Hook_Resource=None, Sentry_App_Signature=signature)

    assert answer(response) == (200, {"status": "ok"})
    assert not state.exists()


def test_a_saved_rule_with_a_signed_empty_body_is_answered_200(client: FlaskClient) -> None:
    response = post(client, b"", Sentry_Hook_Signature=None, Sentry_App_Signature=sign(b"", SECRET))

    assert response.status_code == 200


def test_a_saved_rule_with_a_wrong_signature_is_refused(client: FlaskClient) -> None:
    assert post(client, b"{}", Sentry_Hook_Signature=None, Sentry_App_Signature="0" * 64).status_code == 401


@pytest.mark.parametrize("hook", [None, "", "0" * 64])
def test_a_body_that_holds_an_alert_is_one_whichever_header_carries_its_signature(
    client: FlaskClient, hook: str | None
) -> None:
    body = alert_body()

    assert post(client, body, Sentry_Hook_Signature=hook, Sentry_App_Signature=sign(body, OLDER)).status_code == 202


def test_of_two_signatures_one_that_holds_is_enough(client: FlaskClient) -> None:
    body = alert_body()

    assert post(client, body, Sentry_App_Signature="0" * 64).status_code == 202
    assert post(client, body, Sentry_Hook_Signature="1" * 64, Sentry_App_Signature="0" * 64).status_code == 401


@pytest.mark.parametrize("body", [b"{}", b"[]", b"not json", b'{"action": "created", "data": {"comment_id": "7"}}'])
def test_a_saved_rule_is_answered_200_whatever_it_holds_but_an_alert(client: FlaskClient, body: bytes) -> None:
    response = post(client, body, Sentry_Hook_Signature=None, Sentry_App_Signature=sign(body, SECRET))

    assert answer(response) == (200, {"status": "ok"})


@pytest.mark.parametrize("resource", [None, "", "ünï", "x" * 100_000, "comment"])
def test_an_unsigned_resource_header_cannot_hide_an_alert(client: FlaskClient, resource: str | None) -> None:
    assert post(client, alert_body(), Sentry_Hook_Resource=resource).status_code == 202


@pytest.mark.parametrize("timestamp", [None, "0", "99999999999999", "soon"])
def test_an_unsigned_timestamp_header_decides_nothing(client: FlaskClient, timestamp: str | None) -> None:
    assert post(client, alert_body(), Sentry_Hook_Timestamp=timestamp).status_code == 202


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
def test_another_method_is_refused_without_a_redirect(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)

    assert response.status_code == 405
    assert set(response.allow) == {"OPTIONS", "POST"}


def test_a_slash_at_the_end_makes_no_difference(client: FlaskClient) -> None:
    assert post(client, alert_body(), f"{PATH}/").status_code == 202
    assert client.get("/health/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/webhooks//sentry", "/webhooks/sentry//", "/webhooks/./sentry", "/Webhooks/Sentry", "/"],
)
def test_an_odd_path_is_not_found_rather_than_redirected(client: FlaskClient, path: str) -> None:
    response = client.open(environ_overrides={"PATH_INFO": path}, method="POST", data=b"{}")

    assert response.status_code == 404


def test_a_doubled_slash_in_front_counts_as_one_rather_than_redirecting(client: FlaskClient) -> None:
    response = client.open(environ_overrides={"PATH_INFO": f"/{PATH}"}, method="POST", data=b"{}")

    assert response.status_code == 401


def test_nothing_is_opened_or_started_while_it_is_mounted(state: Path) -> None:
    before = set(threading.enumerate())
    app = mount(Flask("host"), state, BOOTY_CANDIDATE="0")

    assert not state.exists()
    assert "courier" not in {thread.name for thread in set(threading.enumerate()) - before}
    app.extensions["observability.hosted"].end()


def test_a_candidate_stores_and_never_delivers(state: Path) -> None:
    before = set(threading.enumerate())
    app = mount(Flask("host"), state, BOOTY_CANDIDATE="1")
    observability: Observability = app.extensions["observability"]

    observability.start()
    accepted = post(app.test_client(), alert_body())
    observability.stop()

    assert accepted.status_code == 202
    assert observability.loops == ()
    assert "courier" not in {thread.name for thread in set(threading.enumerate()) - before}
    assert not (state / "issues").exists()


@pytest.fixture
def shop(state: Path) -> Flask:
    """Return a foreign app with habits of its own, with the webhook in it."""
    app = Flask("shop")

    @app.errorhandler(401)
    @app.errorhandler(413)
    @app.errorhandler(422)
    @app.errorhandler(Exception)
    def apologise(_: Exception) -> tuple[str, int]:
        return "sorry", 200

    @app.get("/orders/")
    def orders() -> str:
        return "orders"

    return mount(app, state)


def test_mounts_in_a_foreign_app_beside_its_own_pages(shop: Flask) -> None:
    client = shop.test_client()

    assert post(client, alert_body()).status_code == 202
    assert client.get("/orders/").text == "orders"


def test_a_foreign_apps_error_pages_do_not_change_the_answers(shop: Flask, state: Path) -> None:
    client = shop.test_client()
    answers = [
        post(client, alert_body(), Sentry_Hook_Signature=None),
        post(client, b"[]"),
        post(client, b" " * (LONGEST_BODY + 1)),
    ]
    state.write_text("a file where the directory should be")
    answers.append(post(client, alert_body()))

    assert [response.status_code for response in answers] == [401, 422, 413, 503]


def test_a_foreign_apps_lower_limit_does_not_refuse_an_alert(shop: Flask) -> None:
    shop.config["MAX_CONTENT_LENGTH"] = 16

    assert post(shop.test_client(), alert_body()).status_code == 202


def test_a_foreign_app_that_reads_every_body_first_leaves_it_to_be_verified(shop: Flask) -> None:
    @shop.before_request
    def read() -> None:
        request.get_data()

    client = shop.test_client()

    assert post(client, alert_body()).status_code == 202
    assert post(client, b" " * (LONGEST_BODY + 1)).status_code == 413


def test_an_alert_in_a_foreign_app_becomes_an_issue(state: Path) -> None:
    app = mount(Flask("shop"), state, BOOTY_CANDIDATE="0")

    accepted = post(app.test_client(), alert_body())
    is_filed = eventually((state / "issues" / "1.md").exists)
    app.extensions["observability"].stop()

    assert accepted.status_code == 202
    assert is_filed


def test_no_body_secret_or_signature_is_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    body = alert_body(message="swordfish in the message", level="error")

    post(client, body)
    post(client, body)
    post(client, body, Sentry_Hook_Signature="f" * 64)
    post(client, b'{"swordfish": 1}')
    post(client, body_of(sample("comment.created")), Sentry_Hook_Resource="swordfish\x1b[31m")
    logged = json.dumps([record.__dict__ for record in caplog.records], default=str)

    assert [record.getMessage() for record in caplog.records if record.name.startswith("booty")] == [
        "alert_accepted",
        "alert_ignored",
        "alert_unverified",
        "alert_unreadable",
        "alert_ignored",
    ]
    for secret in ("swordfish", SECRET, OLDER, sign(body, SECRET), "f" * 64):
        assert secret not in logged


@pytest.mark.parametrize("name", ["event_alert.triggered.python-flask", "issue.resolved", "comment.created"])
def test_the_installation_that_sent_the_last_verified_webhook_is_remembered_where_sentry_is_told(
    state: Path, name: str
) -> None:
    tokens = {"SENTRY_AUTH_TOKEN": "sntryu_x", "SENTRY_ORG": "acme"}
    service = mount(Flask("host"), state, **tokens)
    for number in (1, 2):
        payload = sample(name) | {"installation": {"uuid": f"7a485448-a9e2-4c85-8a3c-00000000000{number}"}}
        post(service.test_client(), body_of(payload), Sentry_Hook_Resource=name.partition(".")[0])
    forged = sample(name) | {"installation": {"uuid": "7a485448-a9e2-4c85-8a3c-000000000003"}}
    post(service.test_client(), body_of(forged), Sentry_Hook_Signature="0" * 64)

    found = service.extensions["observability"].installation
    assert found.name() == "7a485448-a9e2-4c85-8a3c-000000000002"


def test_nothing_is_remembered_of_the_installation_where_sentry_is_told_nothing(
    client: FlaskClient, state: Path
) -> None:
    post(client, body_of(sample("event_alert.triggered.python-flask")))

    assert "installation" not in keys_of(state)
