"""The title of an issue: how bad, what, where.

Never the message, which differs from event to event and is anybody's text. A title cannot hold a code span, so that
everything from outside in it is made harmless by `untrusted.plain`.
"""

from __future__ import annotations

from booty.observability.alert import Alert
from booty.observability.location import called, crash_frame, crash_stack, place
from booty.observability.untrusted import plain

LIMIT = 200
"""Characters; GitHub takes 256."""
WHAT = 90
WHERE = 90


def title(alert: Alert) -> str:
    """Return `[<level>] <ExceptionType> in <path>:<line>`, or the nearest to it that the alert allows."""
    where = _where(alert) if alert.kind == "event" else None
    text = f"[{alert.severity}] {plain(_what(alert), limit=WHAT)}"
    return f"{text} in {plain(where, limit=WHERE)}" if where else text


def _what(alert: Alert) -> str:
    if alert.kind == "metric":
        return alert.title or alert.rule or "metric alert"
    if not alert.raised:
        return alert.detected or "message event"
    return next((raised.type for raised in alert.raised if raised.type), "unnamed exception")


def _where(alert: Alert) -> str | None:
    frame = crash_frame(crash_stack(alert))
    if frame is None:
        return alert.culprit or alert.project
    where = place(frame, limit=WHERE)
    if frame.path or not (function := called(frame)):
        return where or alert.culprit or alert.project
    return f"{function} ({where})" if where else function
