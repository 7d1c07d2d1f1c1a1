"""The program behind `script/alert`: one signed alert for a running service."""

from __future__ import annotations

import json
import os
import sys
import time

import requests

from booty.observability.config.kinds.secrets import SHORTEST_SECRET
from booty.observability.config.routes.organizations import NAMED
from booty.observability.sentry.signature import sign

EX_REFUSED, EX_UNREACHABLE, EX_CONFIG = 1, 69, 78
PATIENCE_SECONDS = 10


def body(number: int) -> bytes:
    """Return the body of an alert about problem `number`: an exception, and the line that raised it."""
    line = '    raise FirstAlert("sent by script/alert")'
    frame = {"filename": "hello.py", "function": "greet", "lineno": 2, "context_line": line, "in_app": True}
    thrown = {"type": "FirstAlert", "value": "sent by script/alert", "stacktrace": {"frames": [frame]}}
    event = {
        "project": 1,
        "issue_id": str(number),
        "event_id": f"{number:032x}",
        "timestamp": number,
        "level": "error",
        "exception": {"values": [thrown]},
    }
    return json.dumps({"action": "triggered", "data": {"event": event, "triggered_rule": "script/alert"}}).encode()


def main(url: str = "http://127.0.0.1:8000") -> int:
    """Send the alert to the service at `url`; return the exit code."""
    secret = os.environ.get("SENTRY_WEBHOOK_SECRET", "").partition(",")[0].strip()
    if not secret:
        print("alert: SENTRY_WEBHOOK_SECRET is neither in the environment nor in .env", file=sys.stderr)
        return EX_CONFIG
    if (named := NAMED.fullmatch(secret)) and len(named["secret"]) >= SHORTEST_SECRET:
        secret = named["secret"]
    alert = body(int(time.time()))
    headers = {"Content-Type": "application/json", "Sentry-Hook-Signature": sign(alert, secret)}
    try:
        response = requests.post(
            f"{url.rstrip('/')}/webhooks/sentry",
            data=alert,
            headers=headers,
            timeout=PATIENCE_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        advice = "start script/server, or name where the service listens, such as http://127.0.0.1:8000"
        print(f"alert: {url} cannot be reached ({type(error).__name__}): {advice}", file=sys.stderr)
        return EX_UNREACHABLE
    print(response.status_code, response.text.strip())
    return 0 if response.status_code == requests.codes.accepted else EX_REFUSED


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
