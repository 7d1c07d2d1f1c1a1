"""Which loops run beside the requests, by what the settings call for."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.alerts import alert
from support.given_settings import load

from booty.observability.alerts.filters import Verdict
from booty.observability.delivery.courier import Courier
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.with_sentry.link_book import LinkBook
from booty.observability.wiring import build

SENTRY = {"SENTRY_AUTH_TOKEN": "sntrys_x", "SENTRY_ORG": "acme"}
HEARTBEAT = {"OBSV_HEARTBEAT_URL": "https://hc.example/ping"}


@pytest.mark.parametrize(
    ("changes", "loops"),
    [
        ({}, ["Courier", "ClosingsLoop"]),
        ({"OBSV_FOLLOW": "0"}, ["Courier"]),
        ({"BOOTY_PREVIEW": "1"}, ["Courier"]),
        (SENTRY, ["Courier", "ClosingsLoop", "SentryLoop"]),
        (HEARTBEAT, ["Courier", "ClosingsLoop", "Watch"]),
        ({"OBSV_SILENCE_HOURS": "48"}, ["Courier", "ClosingsLoop", "Watch"]),
        ({"OBSV_METRICS_BIND": "127.0.0.1:9464"}, ["Exporter", "Courier", "ClosingsLoop"]),
        ({"BOOTY_LEDGER_URL": "postgresql://u:p@db.example/booty"}, ["Courier", "ClosingsLoop", "Emptying"]),
        (SENTRY | HEARTBEAT | {"BOOTY_CANDIDATE": "1"}, []),
    ],
    ids=[
        "by default",
        "not following",
        "in preview",
        "sentry",
        "heartbeat",
        "silence",
        "metrics",
        "database",
        "on trial",
    ],
)
def test_a_loop_runs_where_the_settings_call_for_it(tmp_path: Path, changes: dict[str, str], loops: list[str]) -> None:
    service = build(load(BOOTY_STATE_DIR=str(tmp_path), **changes))

    assert [type(loop).__name__ for loop in service.loops] == loops


def test_a_file_of_the_preview_is_linked_nowhere(tmp_path: Path) -> None:
    service = build(load(BOOTY_STATE_DIR=str(tmp_path), BOOTY_PREVIEW="1", **SENTRY))
    service.claims.claim(alert(), lambda _: Verdict.ACCEPTED, now=time.time())
    courier = service.loops[0]
    assert isinstance(courier, Courier)

    courier.step()

    assert (tmp_path / "issues" / "1.md").exists()
    assert LinkBook(SqliteEngine(tmp_path)).take(now=time.time() + 1) is None
