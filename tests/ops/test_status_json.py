"""What status tells a machine."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from support.alerts import alert
from support.ledger_doors import Ledger
from support.operator import NOW, REASON, iso, refuse, run

from booty.observability.alerts.filters import Verdict


def test_status_is_there_for_machines_too(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time())) - 10
    refuse(ledger, "1:1")
    ledger.claims.claim(
        alert(fingerprint="1:2", sentry_url="https://sentry.io/i/2/"), lambda _: Verdict.ACCEPTED, now=now
    )

    done = run(state, "status", "--json", OBSV_FOLOW="0")

    shown = json.loads(done.stdout)
    assert done.returncode == 3
    assert shown.pop("free_bytes") > 0
    assert shown["waiting"][0].pop("age_seconds") > 0
    assert shown == {
        "owed": 1,
        "pause": None,
        "refused": [
            {"fingerprint": "1:1", "refused_at": iso(NOW), "reason": REASON, "sentry_url": None},
        ],
        "waiting": [
            {"fingerprint": "1:2", "since": iso(now), "is_doubtful": False, "sentry_url": "https://sentry.io/i/2/"}
        ],
        "failures": 0,
        "last_failure": None,
        "stopped": None,
        "due_since": iso(now),
        "needs_person": ["GitHub refused 1: fix the cause, then: booty retry --all"],
        "ledger": str(state / "ledger-1.sqlite3"),
        "candidate": False,
        "unknown_settings": [{"name": "OBSV_FOLOW", "nearest": "OBSV_FOLLOW"}],
    }


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("", None),
        ("https://sentry.acme.example", "https://sentry.acme.example/organizations/a/issues/2/"),
        ("x:[", None),
    ],
)
def test_status_links_only_to_the_sentry_that_is_set(
    state: Path, ledger: Ledger, setting: str, shown: str | None
) -> None:
    page = "https://sentry.acme.example/organizations/a/issues/2/"
    ledger.claims.claim(alert(fingerprint="1:2", sentry_url=page), lambda _: Verdict.ACCEPTED, now=NOW)

    (waiting,) = json.loads(run(state, "status", "--json", SENTRY_URL=setting).stdout)["waiting"]

    assert waiting["sentry_url"] == shown
