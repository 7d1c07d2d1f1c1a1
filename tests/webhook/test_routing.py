"""An alert whose route drops it is answered, noted, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.hostile import TEXTS
from support.operator import run
from support.sentry_events import PROJECT
from support.webhook import FINGERPRINT, alert_body, answer, keys_of, mount, post

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
