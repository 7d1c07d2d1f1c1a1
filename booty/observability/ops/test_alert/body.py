"""The event of a test alert, as a webhook would bring it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from booty.observability.alerts.issue import TEST
from booty.observability.issues.draft import Draft
from booty.observability.sentry.marks import OWN_TAG, TAG, mark_of

PROJECT = "booty.test"
"""No project of Sentry's has this number."""
WORDS = "nothing is wrong: `booty test-alert` made this issue to see one arrive, and closes it"


@dataclass(frozen=True, slots=True)
class SampleAlert:
    """A test alert, made at `at` (unix seconds) of a problem of its own, which has no number as Sentry's have."""

    issue: str
    event: str
    at: float

    @classmethod
    def new(cls, *, now: float) -> SampleAlert:
        """Make one that was never sent before."""
        return cls(issue=f"t{secrets.token_hex(8)}", event=secrets.token_hex(16), at=now)

    @property
    def fingerprint(self) -> str:
        """The problem's name in the service."""
        return f"{PROJECT}:{self.issue}"

    @property
    def draft(self) -> Draft:
        """What its issue is found by."""
        marker = f"<!-- booty:fingerprint={self.fingerprint} event={self.event} -->"
        return Draft(title="", body=marker, labels=(TEST,), marker=marker)

    def body(self, secret: str) -> bytes:
        """Return the webhook's body, with the mark that `secret` makes; fatal, so that no threshold ignores it."""
        mark = mark_of(fingerprint=self.fingerprint, event=self.event, secret=secret)
        event = {
            "event_id": self.event,
            "project": PROJECT,
            "issue_id": self.issue,
            "level": "fatal",
            "datetime": datetime.fromtimestamp(self.at, UTC).isoformat(),
            "tags": [list(OWN_TAG), [TAG, mark]],
            "exception": {"values": [{"type": "TestAlert", "value": WORDS}]},
        }
        data = {"event": event, "triggered_rule": "booty test-alert"}
        return json.dumps({"action": "triggered", "data": data}, separators=(",", ":")).encode()
