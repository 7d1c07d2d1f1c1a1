"""A signed trial alert: a candidate that does not take it never serves.

systemd runs this beside the candidate, as the service's user with the service's secrets, so that the deploy key's
program never sees them. The candidate's state is thrown away and it files nothing; what counts is its answer.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from booty_release.health import UnixConnection

PATH = "/webhooks/sentry"
SECRET = "SENTRY_WEBHOOK_SECRET"  # noqa: S105 - the setting's name
TIMEOUT = 5.0  # seconds; Sentry waits for one, but a candidate's first answer may be slower
TAKEN = frozenset({"accepted", "ignored"})
"""The statuses of an alert that was understood; the second where a setting does not want it."""


def try_alert(path: Path, environ: Mapping[str, str]) -> str | None:
    """Send an alert to the service at the socket `path`; return what is wrong with its answer, None if nothing is."""
    body = json.dumps(_alert()).encode()
    signature = hmac.new(_secret(environ).encode(), body, hashlib.sha256).hexdigest()
    connection = UnixConnection(path, timeout=TIMEOUT)
    try:
        headers = {"Sentry-Hook-Resource": "event_alert", "Sentry-Hook-Signature": signature, "Connection": "close"}
        connection.request("POST", PATH, body, headers | {"Content-Type": "application/json"})
        response = connection.getresponse()
        said = response.read(1024)
    except (OSError, http.client.HTTPException) as error:
        return f"a signed trial alert got no answer: {error}"
    finally:
        connection.close()
    is_taken = response.status in {http.HTTPStatus.OK, http.HTTPStatus.ACCEPTED} and _status(said) in TAKEN
    return None if is_taken else f"a signed trial alert was answered with {response.status}: {said[:200]!r}"


def _alert() -> dict[str, object]:
    event = {
        "event_id": secrets.token_hex(16),
        "issue_id": "1",
        "project": 1,
        "level": "fatal",
        "title": "A trial alert of a deploy",
        "exception": {"values": [{"type": "TrialAlert", "value": "nothing is wrong"}]},
    }
    return {"action": "triggered", "data": {"event": event, "triggered_rule": "deploy"}}


def _secret(environ: Mapping[str, str]) -> str:
    """Return the webhook's secret as the service reads it: itself or from a file; of several the first."""
    named = environ.get(f"{SECRET}_FILE", "").strip()
    text = environ.get(SECRET, "").strip() or (Path(named).read_text(encoding="utf-8-sig") if named else "")
    return text.split(",")[0].strip()


def _status(said: bytes) -> object:
    try:
        answer = json.loads(said)
    except ValueError:
        return None
    return answer.get("status") if isinstance(answer, dict) else None


def main(path: str) -> int:
    """Try the candidate at the socket `path`; return the exit code, 1 where it must not serve."""
    fault = try_alert(Path(path), os.environ)
    print(fault or "a signed trial alert was taken")  # noqa: T201 - the unit's log is where a deploy reads it
    return 1 if fault else 0
