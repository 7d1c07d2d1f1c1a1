"""An alert is judged by its route, and signed by an organization; one that is dropped is noted, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.hostile import TEXTS
from support.operator import run
from support.sentry_events import PROJECT
from support.webhook import ENVIRON, FINGERPRINT, alert_body, answer, keys_of, mount, post

from booty.observability.config import Settings
from booty.observability.sentry.signature import sign
from booty.observability.wiring import history_seconds

DROPPED = (200, {"status": "ignored", "reason": "no_route"})
ROUTES = f"""
[[route]]
project = "{PROJECT}"
environment = "production"

[[route]]
environment = ["staging", "dev-*"]
drop = true

[[route]]
tag.team = "pay*"
drop = true

[[route]]
project = "77"
level = "fatal"
drop = true
"""


@pytest.fixture
def client(state: Path, tmp_path: Path) -> FlaskClient:
    path = tmp_path / "routes.toml"
    path.write_text(ROUTES)
    return mount(Flask("host"), state, OBSV_ROUTES=str(path)).test_client()


def test_what_its_route_drops_is_answered_and_leaves_a_line_of_the_journal(client: FlaskClient, state: Path) -> None:
    assert answer(post(client, alert_body(environment="staging"))) == DROPPED
    assert keys_of(state) == ["journal", "journal/00000", "schema"]
    assert run(state, "log", "--reason", "no_route").stdout.count("ignored: its route drops it") == 1


def test_the_problem_says_why_it_has_no_issue(client: FlaskClient, state: Path) -> None:
    post(client, alert_body(environment="staging"))

    told = run(state, "why", FINGERPRINT).stdout

    assert "it has no issue: its route drops it" in told
    assert "OBSV_ROUTES" in told


@pytest.mark.parametrize(
    "event",
    [
        {"environment": "dev-eu"},
        {"tags": [["region", "eu"], ["team", "payments"]]},
        {"project": 77, "level": "fatal"},
        {"environment": "staging", "level": "debug"},
    ],
)
def test_each_condition_can_drop_an_alert(client: FlaskClient, event: dict[str, object]) -> None:
    assert answer(post(client, alert_body(**event))) == DROPPED


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"environment": "production", "tags": [["team", "payments"]]},
        {"environment": "Staging"},
        {"project": 77},
        {"tags": [["team", None], ["team"], "team"]},
    ],
)
def test_what_no_route_drops_is_filed(client: FlaskClient, event: dict[str, object]) -> None:
    assert post(client, alert_body(**event)).status_code == 202


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_is_in_the_way_of_a_route(client: FlaskClient, text: str) -> None:
    hostile = {"environment": text, "tags": [[text, text], ["team", "pay"]]}

    assert answer(post(client, alert_body(**hostile))) == DROPPED


def test_a_filed_problem_stays_filed_when_an_alert_of_it_is_dropped(client: FlaskClient, state: Path) -> None:
    post(client, alert_body())
    post(client, alert_body(event_id="f" * 32, environment="staging"))

    assert f"owed/{FINGERPRINT}" in keys_of(state)


ACME, OTHER, PLAIN = "acme-secret-acme-secret", "other:secret:with:colons", "Plain:secret-with-a-colon"
ORGANIZATIONS = """
[[route]]
organization = "acme"
drop = true

[[route]]
organization = "other"
min_severity = "fatal"
"""


def signed(client: FlaskClient, body: bytes, secret: str) -> tuple[int, object]:
    """Post as an integration with that secret does."""
    return answer(post(client, body, Sentry_Hook_Signature=sign(body, secret)))


@pytest.fixture
def organizations(state: Path, tmp_path: Path) -> FlaskClient:
    path = tmp_path / "routes.toml"
    path.write_text(ORGANIZATIONS)
    secrets = f"{PLAIN},acme:{ACME},other:{OTHER}"
    app = mount(Flask("host"), state, OBSV_ROUTES=str(path), SENTRY_WEBHOOK_SECRET=secrets)
    return app.test_client()


def test_an_organization_is_known_by_the_secret_that_signed(organizations: FlaskClient) -> None:
    below = (200, {"status": "ignored", "reason": "below_severity"})

    assert signed(organizations, alert_body(), ACME) == DROPPED
    assert signed(organizations, alert_body(), OTHER) == below
    assert signed(organizations, alert_body(), PLAIN)[0] == 202


def test_a_name_is_no_part_of_a_secret_and_a_colon_may_be(organizations: FlaskClient) -> None:
    """A secret of before there were names, with a colon in it, signs as a whole; nobody's alerts, then."""
    assert signed(organizations, alert_body(), f"acme:{ACME}")[0] == 202
    for wrong in ("acme", "acme:", ACME[:-1], OTHER.removeprefix("other:"), "secret-with-a-colon"):
        assert signed(organizations, alert_body(), wrong) == (401, {"error": "invalid_signature"})


def test_a_saved_rule_is_known_by_the_same_secrets(organizations: FlaskClient) -> None:
    rule = b'{"fields":[]}'
    signature = sign(rule, OTHER)

    response = post(organizations, rule, Sentry_Hook_Signature=None, Sentry_App_Signature=signature)

    assert response.status_code == 200


TERMS = """
[[route]]
environment = "staging"
min_severity = "fatal"
cooldown_hours = 0.001

[[route]]
environment = "test"
min_severity = "debug"
"""


@pytest.fixture
def terms(state: Path, tmp_path: Path) -> FlaskClient:
    path = tmp_path / "routes.toml"
    path.write_text(TERMS)
    settings = {"OBSV_ROUTES": str(path), "OBSV_MIN_SEVERITY_PERFORMANCE": "fatal"}
    return mount(Flask("host"), state, **settings).test_client()


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({"level": "error"}, 202),
        ({"level": "error", "environment": "staging"}, 200),
        ({"level": "fatal", "environment": "staging"}, 202),
        ({"level": "debug", "environment": "test"}, 202),
        ({"level": "debug"}, 200),
    ],
)
def test_a_route_has_a_least_severity_of_its_own(terms: FlaskClient, event: dict[str, object], status: int) -> None:
    assert post(terms, alert_body(**event)).status_code == status


def test_the_log_names_the_level_that_the_route_sets(
    terms: FlaskClient, state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post(terms, alert_body(environment="staging"))

    assert [getattr(record, "threshold", None) for record in caplog.records][-1] == "fatal"
    assert "min_severity = 'fatal' of the route in line 2 of OBSV_ROUTES" in run(state, "why", FINGERPRINT).stdout


def test_a_route_has_a_cooldown_of_its_own(terms: FlaskClient, state: Path) -> None:
    post(terms, alert_body(level="fatal", environment="staging"))

    line = json.loads(run(state, "log", "--json").stdout)

    assert (line["route"], line["cooldown_hours"], line["min_severity"]) == (2, 0.001, "fatal")


def test_a_problem_is_remembered_for_as_long_as_its_route_lets_it_cool_down(tmp_path: Path) -> None:
    path = tmp_path / "routes.toml"
    path.write_text("[[route]]\ncooldown_hours = 8760\n")

    assert history_seconds(Settings.load(ENVIRON | {"OBSV_ROUTES": str(path)})) == 8760 * 3600
