"""The operator's commands, run as an operator runs them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest
from alerts import alert

from booty.__main__ import main
from booty.observability.filters import Verdict
from booty.observability.ledger import Ledger
from booty.observability.store import Store
from booty.observability.work import Owed, Pause

ROOT = Path(__file__).parents[1]
NOW = 1_795_000_000.0
REASON = "410 Issues has been disabled in this repository."


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ledger(state: Path) -> Ledger:
    return Ledger(Store(state), keep_seconds=1.0)


def claim(ledger: Ledger, fingerprint: str, *, at: float = NOW) -> None:
    ledger.claim(alert(fingerprint=fingerprint), lambda _: Verdict.ACCEPTED, now=at)


def refuse(ledger: Ledger, fingerprint: str, *, at: float = NOW) -> None:
    claim(ledger, fingerprint, at=at)
    owed = ledger.lease(now=at)
    assert isinstance(owed, Owed)
    ledger.refuse(owed, REASON, attempt=None, now=at)


def environ_of(state: Path, **changes: str) -> dict[str, str]:
    given = {"SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush", "TARGET_REPO_URL": "acme/shop", "GITHUB_TOKEN": "token"}
    return {"PATH": os.environ["PATH"], "BOOTY_STATE_DIR": str(state)} | given | changes


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(state: Path, *arguments: str, **changes: str) -> Done:
    """Run a command in this process, with an environment of its own."""
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, environ_of(state, **changes), clear=True), redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(list(arguments))
        except SystemExit as stop:  # argparse's way to end
            code = int(stop.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def test_status_shows_what_is_owed_refused_and_paused(state: Path, ledger: Ledger) -> None:
    refuse(ledger, "1:1")
    claim(ledger, "1:2", at=NOW + 10)
    owed = ledger.lease(now=NOW + 10)
    assert isinstance(owed, Owed)
    pause = Pause(NOW + 3600, "GitHub limits the rate")
    ledger.postpone(owed, due_at=NOW + 10, attempt=None, pause=pause, now=NOW + 10)

    done = run(state, "status")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "1 owed, 1 refused\n"
        "paused until 2026-11-18T12:06:40+00:00: GitHub limits the rate\n"
        f"refused 2026-11-18T11:06:40+00:00  1:1\n    {REASON}\n"
        "Once the cause is mended: python -m booty retry --all\n"
    )


def test_status_is_there_for_machines_too(state: Path, ledger: Ledger) -> None:
    refuse(ledger, "1:1")

    done = run(state, "status", "--json")

    assert json.loads(done.stdout) == {
        "owed": 0,
        "pause": None,
        "refused": [{"fingerprint": "1:1", "refused_at": "2026-11-18T11:06:40+00:00", "reason": REASON}],
    }


def test_it_runs_as_a_module(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1")

    done = subprocess.run(
        [sys.executable, "-m", "booty", "status"], cwd=ROOT, env=environ_of(state), capture_output=True, check=True
    )

    assert (done.stdout, done.stderr) == (b"1 owed, 0 refused\n", b"")


def test_status_of_a_new_ledger_is_nothing(state: Path) -> None:
    assert run(state, "status").stdout == "0 owed, 0 refused\n"


def test_retry_owes_one_refused_alert_once_more(state: Path, ledger: Ledger) -> None:
    refuse(ledger, "1:1")
    refuse(ledger, "1:2", at=NOW + 10)

    done = run(state, "retry", "1:1")

    assert (done.returncode, done.stdout) == (0, "1 owed once more\n")
    census = ledger.census()
    assert census.owed == 1
    assert [letter.fingerprint for letter in census.refused] == ["1:2"]


def test_retry_all_owes_all_of_them(state: Path, ledger: Ledger) -> None:
    refuse(ledger, "1:1")
    refuse(ledger, "1:2", at=NOW + 10)

    done = run(state, "retry", "--all")

    assert (done.returncode, done.stdout) == (0, "2 owed once more\n")
    assert ledger.census().refused == ()


def test_retry_all_of_nothing_is_no_mistake(state: Path) -> None:
    done = run(state, "retry", "--all")

    assert (done.returncode, done.stdout) == (0, "0 owed once more\n")


@pytest.mark.parametrize("fingerprint", ["9:9", ""])
def test_retry_of_a_fingerprint_that_was_not_refused_changes_nothing(
    state: Path, ledger: Ledger, fingerprint: str
) -> None:
    refuse(ledger, "1:1")

    done = run(state, "retry", fingerprint)

    assert (done.returncode, done.stdout) == (1, "no such refused alert; see: python -m booty status\n")
    assert len(ledger.census().refused) == 1


def test_wrong_settings_end_it_with_all_of_them_named(state: Path) -> None:
    done = run(state, "status", GITHUB_TOKEN="", OBSV_MIN_SEVERITY="eror")

    assert done.returncode == 78
    assert [name in done.stderr for name in ("GITHUB_TOKEN", "OBSV_MIN_SEVERITY", "Traceback")] == [True, True, False]


def test_a_ledger_that_cannot_be_used_is_said_without_a_traceback(state: Path) -> None:
    (state / "ledger.lock").mkdir(parents=True)

    done = run(state, "status")

    assert done.returncode == 69
    assert "The ledger cannot be used: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["status", "--help"], ["retry", "--help"]])
def test_help_needs_no_settings(state: Path, arguments: list[str]) -> None:
    done = run(state, *arguments, SENTRY_WEBHOOK_SECRET="", GITHUB_TOKEN="")

    assert done.returncode == 0
    assert done.stdout.startswith("usage: python -m booty")


@pytest.mark.parametrize("arguments", [[], ["retry"], ["retry", "1:1", "--all"], ["forget"]])
def test_wrong_usage_is_refused_with_the_usage(state: Path, arguments: list[str]) -> None:
    done = run(state, *arguments)

    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m booty")
