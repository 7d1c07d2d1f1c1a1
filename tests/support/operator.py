"""An operator at the command line, and the ledger that the commands read."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from support.alerts import alert
from support.ledger_doors import Ledger

from booty.observability.alerts.filters import Verdict
from booty.observability.ledger.schedule.jobs import FilingJob
from booty.observability.ops.cli import main

ROOT = Path(__file__).parents[2]
NOW = 1_795_000_000.0
REASON = "410 Issues has been disabled in this repository."


def claim(ledger: Ledger, fingerprint: str, *, at: float = NOW) -> None:
    """Have an alert accepted."""
    ledger.claims.claim(alert(fingerprint=fingerprint), lambda _: Verdict.ACCEPTED, now=at)


def refuse(ledger: Ledger, fingerprint: str, *, at: float = NOW) -> None:
    """Have an alert refused by GitHub."""
    claim(ledger, fingerprint, at=at)
    owed = ledger.queue.take(now=at)
    assert isinstance(owed, FilingJob)
    ledger.queue.refuse(owed, REASON, attempt=None, now=at)


def iso(seconds: float) -> str:
    """Write a time as the commands do."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def environ_of(state: Path, **changes: str) -> dict[str, str]:
    """Return the environment of a command."""
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
        code = main(list(arguments))
    return Done(code, out.getvalue(), err.getvalue())
