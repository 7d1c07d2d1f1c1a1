"""What is noted of each answer: how often it was given, that Sentry was heard of."""

from __future__ import annotations

import time

from flask import Response, current_app, g

from booty.observability.webhook.service import NAME

VERIFIED = frozenset({200, 202, 422, 503})
"""The statuses that only what Sentry signed is answered with."""


def note(response: Response) -> Response:
    """Note an answer of the webhook's, if anybody wants to know; return it as it is.

    A test alert is the operator's: it does not show that Sentry is heard of.
    """
    notes = current_app.extensions[NAME].notes
    if notes is not None:
        if response.status_code in VERIFIED and not g.get("is_test_alert"):
            notes.heard_at = time.time()
        notes.count(f"webhooks/{_outcome(response)}")
    return response


def _outcome(response: Response) -> str:
    """Return the word of an answer: why it was ignored or refused, else its status; an error of ours has none."""
    said = response.get_json(silent=True) or {}
    word: str = said.get("reason") or said.get("error") or said.get("status") or "failed"
    return word
