"""Real events of the real sentry-sdk, in the envelope in which Sentry's webhook brings them.

`capture` runs a function under its own client and returns what the SDK would have sent. `delivered` does to it what
Sentry does on the way to the webhook: a project number, an issue, pair lists instead of objects, the compact ASCII
bytes. No DSN is ever called: the transport keeps the event. `sample` reads the bodies in `payloads/`, which stand for
platforms that the Python SDK cannot speak for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from booty.observability.alerts.alert import Alert
from booty.observability.sentry.payload import parse

Json = dict[str, Any]

SHA = "3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2"
RELEASE = f"booty@{SHA}"
PROJECT = 4507012345678848
ISSUE = "6123456789"
API = "https://sentry.io/api/0"
PAYLOADS = Path(__file__).parents[1] / "payloads"
FILED = [
    *sorted(path.stem for path in PAYLOADS.glob("event_alert.*.json")),
    "error.created.python",
    "metric_alert.critical",
    "metric_alert.warning",
]
"""The recorded bodies that hold an alert."""
PASSED_OVER = sorted(path.stem for path in PAYLOADS.glob("*.json") if path.stem not in FILED)


class Keeper(Transport):
    """A transport that keeps events instead of sending them."""

    def __init__(self) -> None:
        super().__init__({"dsn": "https://key@o1.ingest.sentry.invalid/1"})
        self.events: list[Json] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep the event in `envelope` as the JSON that would go over the wire."""
        self.events += [json.loads(item.get_bytes()) for item in envelope.items if item.type == "event"]


def capture(failing: Callable[[], object], *, release: str | None = RELEASE, environment: str = "production") -> Json:
    """Return the last event that `failing` made; what it raises is captured, as an integration would."""
    keeper = Keeper()
    client = sentry_sdk.Client(
        dsn="https://key@o1.ingest.sentry.invalid/1",
        transport=keeper,
        release=release,
        environment=environment,
        server_name="booty-prod-1",
        # No integration that patches the interpreter or the test run: only what an event is made of.
        default_integrations=False,
        integrations=[],
    )
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client)
        try:
            failing()
        except Exception as error:  # noqa: BLE001 - the SDK's place is to see all of them
            scope.capture_exception(error)
    client.close()
    return keeper.events[-1]


def delivered(event: Json, *, rule: str = "booty: new issue", issue: str = ISSUE, project: int = PROJECT) -> Json:
    """Return the event alert that Sentry makes of an SDK's `event`."""
    return {
        "action": "triggered",
        "installation": {"uuid": "7a485448-a9e2-4c85-8a3c-4f44175783c9"},
        "data": {"event": stored(event, issue=issue, project=project), "triggered_rule": rule},
        "actor": {"type": "application", "id": "sentry", "name": "Sentry"},
    }


def stored(event: Json, *, issue: str = ISSUE, project: int = PROJECT) -> Json:
    """Return `event` as Sentry stores it: tags and request values as pairs, links, a title, the default fingerprint."""
    thrown = event.get("exception", {}).get("values", [{}])[-1]
    title = f"{thrown['type']}: {thrown['value']}" if thrown else _message(event)
    at = datetime.fromisoformat(event["timestamp"])
    return event | {
        "project": project,
        "dist": None,
        "release": event.get("release"),
        "message": "" if thrown else _message(event),
        "datetime": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "timestamp": at.timestamp(),
        "tags": _tags(event),
        "culprit": event.get("transaction", ""),
        "fingerprint": event.get("fingerprint", ["{{ default }}"]),
        "hashes": ["0cc175b9c0f1b6a831c399e269772661"],
        "request": _request(event.get("request")),
        "title": title[:100],
        "type": "error" if thrown else "default",
        "url": f"https://sentry.io/api/0/projects/acme/booty/events/{event['event_id']}/",
        "web_url": f"https://sentry.io/organizations/acme/issues/{issue}/events/{event['event_id']}/",
        "issue_url": f"https://sentry.io/api/0/organizations/acme/issues/{issue}/",
        "issue_id": issue,
    }


def sample(name: str) -> Json:
    """Return the recorded body `name`, without its `.json`."""
    payload: Json = json.loads((PAYLOADS / f"{name}.json").read_text())
    return payload


def alert_of(**event: object) -> Alert:
    """Return the alert of an event that has an issue and what is given, nothing else."""
    return parse(body_of({"action": "triggered", "data": {"event": {"issue_id": ISSUE, **event}}}), "event_alert")


def alert_in(name: str) -> Alert:
    """Return the alert of the recorded event `name`."""
    return parse(body_of(sample(f"event_alert.triggered.{name}")), "event_alert")


def thrown(type_: str, *, number: int | None = None, **more: object) -> Json:
    """Return an exception as an SDK reports it; `number` is its place in a group's tree."""
    return {"type": type_, "value": f"of {type_}", "mechanism": {"type": "chained", "exception_id": number}, **more}


def stacktrace(*frames: object) -> Json:
    """Return a stack of `frames`, the oldest call first."""
    return {"frames": list(frames)}


def body_of(payload: object) -> bytes:
    """Return the bytes that Sentry sends and signs: compact, ASCII only."""
    return json.dumps(payload, separators=(",", ":")).encode()


def _message(event: Json) -> str:
    entry = event.get("logentry", {})
    return str(entry.get("formatted") or entry.get("message") or event.get("message") or "")


def _tags(event: Json) -> list[list[str]]:
    known = {"level": event["level"], "environment": event.get("environment"), "release": event.get("release")}
    named = known | event.get("tags", {})
    return [[name, value] for name, value in sorted(named.items()) if value]


def _request(request: Json | None) -> Json | None:
    if request is None:
        return None
    return request | {"headers": sorted(map(list, request.get("headers", {}).items())), "cookies": None}
