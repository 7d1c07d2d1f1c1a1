"""The mark of a test alert, which only who has the webhook's secret can make.

Whoever can trigger an error can set its tags, so no tag alone may keep an issue from the agent. The mark is bound to
one problem with one event, and is published nowhere. A test alert also bears the tag of our own errors: a release that
does not know the mark ignores it, instead of handing it to the agent.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence

OWN_TAG = ("booty.path", "alert")
"""On what the alert path itself reports to Sentry: it never becomes an alert."""
TAG = "booty.test"
OURS = b"booty."
"""With which both tags begin."""
PURPOSE = "a test alert of booty"
"""Keeps the mark apart from a signature: no body that Sentry signs begins like this."""


def mark_of(*, fingerprint: str, event: str, secret: str) -> str:
    """Return the mark for one event of one problem."""
    return hmac.new(secret.encode(), f"{PURPOSE} {fingerprint} {event}".encode(), "sha256").hexdigest()


def is_marked(tags: Iterable[tuple[str, str]], *, fingerprint: str, event: str, secrets: Sequence[str]) -> bool:
    """Return whether the tags hold the mark that one of `secrets` makes."""
    claimed = next((value for name, value in tags if name == TAG), None)
    if claimed is None:
        return False
    marks = [mark_of(fingerprint=fingerprint, event=event, secret=secret) for secret in secrets]
    return any(hmac.compare_digest(mark.encode(), claimed.encode("utf-8", "replace")) for mark in marks)
