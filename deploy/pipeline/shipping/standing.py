"""How a release stands on its target: since when it serves there, how many alerts came from there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

SINCE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?\+00:00")
"""As the droplet's records have it."""
ALERTS = ("alert_accepted", "alert_ignored")
TRIAL = "1:1"
"""The fingerprint of the alert that a deploy tries a candidate with."""

Run = Callable[[list[str], Callable[[str], None]], int]
"""Runs ./deploy.sh with these arguments, hands on each line, returns its exit code."""


def read_standing(run: Run, *, sha: str) -> dict[str, str]:
    """Return `since` (ISO 8601, UTC), `alerts` (a number); either is "" where the target does not say."""
    said: list[str] = []
    run(["status", "--json"], said.append)
    since = since_when(said, sha=sha)
    logged: list[str] = []
    is_counted = since and run(["logs", f"--since={since[:19]}", "--grep=alert_"], logged.append) == 0
    return {"since": since, "alerts": str(count_alerts(logged, since=since)) if is_counted else ""}


def since_when(lines: Iterable[str], *, sha: str) -> str:
    """Return since when every host has served `sha`; "" when one serves something else, is not healthy or is silent."""
    hosts = [found for line in lines if "current" in (found := _object(line))]
    times = [str(host.get("since")) for host in hosts if host.get("healthy") and host["current"] == sha]
    is_whole = len(times) == len(hosts) and all(SINCE.fullmatch(time) for time in times)
    return max(times, default="") if is_whole else ""


def count_alerts(lines: Iterable[str], *, since: str) -> int:
    """Count the alerts that the service logged from `since` on, filed or not."""
    return sum(_is_alert(_object(line), datetime.fromisoformat(since)) for line in lines)


def _is_alert(logged: dict[str, Any], since: datetime) -> bool:
    if logged.get("event") not in ALERTS or logged.get("reason") == "not_handled" or logged.get("fingerprint") == TRIAL:
        return False
    try:
        return datetime.fromisoformat(str(logged.get("timestamp"))) >= since
    except (ValueError, TypeError):  # TypeError: without a time zone
        return False


def _object(line: str) -> dict[str, Any]:
    """Return the JSON object that a line ends with, behind what the journal puts before it."""
    try:
        found = json.loads(line[line.index("{") :])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
