"""The title of an issue: how bad, what, where.

Never the message, which differs from event to event and is anybody's text. A title cannot hold a code span, so that
only identifiers and paths from outside stand in it; what is none is told by a word of ours.
"""

from __future__ import annotations

import re

from booty.observability.alerts.alert import Alert, Frame
from booty.observability.alerts.stack.frames import called, crash_frame, crash_stack, module_of, place
from booty.observability.text.identifiers import name, path

LIMIT = 200
"""Characters; GitHub takes 256."""
WHAT = 90
WHERE = 90
RULE = 60

SENTRYS_OWN = (
    *("N+1 Query", "N+1 API Call", "MN+1 Query", "Slow DB Query", "Consecutive DB Queries", "Consecutive HTTP"),
    *("Large HTTP payload", "HTTP/1.1 Overhead", "Large Render Blocking Asset", "Uncompressed Asset", "Frame Drop"),
    *("File IO on Main Thread", "File I/O on Main Thread", "DB on Main Thread", "Regex on Main Thread"),
    *("Image Decoding on Main Thread", "JSON Decoding on Main Thread", "Core Data on Main Thread"),
    *("Endpoint Regression", "Function Regression", "Transaction Duration Regression", "Query Injection Vulnerability"),
    *("Rage Click", "Hydration Error", "User Feedback", "Monitor failure", "Cron failure", "Missed check-in"),
    *("Uptime Check Failed", "Uptime Domain Monitor Failure", "Downtime detected", "Metric Issue", "Metric alert"),
    *(
        "App Hanging",
        "App Hang Fully Blocked",
        "App Hang Non Fully Blocked",
        "Fully Blocked App Hang",
        "Background ANR",
    ),
    *("Assertion failed", "Ensure failed", "Script error", "Shader error"),
    *("CSP violation", "HPKP failure", "Expect-CT failure", "Expect-Staple failure", "network error"),
)
"""What Sentry and its SDKs call the problems that they find, and browsers theirs; what follows is anybody's."""
IN = re.compile(r"^(\S+) in (\S+)$")
METHOD = re.compile(r"^[A-Z]{3,7} (?=/)")
NO_PLACE = frozenset({"error", "incident", "missed", "timeout", "user"})
"""What Sentry blames where it knows of no place."""
ORIGIN = re.compile(r"^https?://[^/?#]*(?=/[^/])", re.IGNORECASE)


def title(alert: Alert) -> str:
    """Return `[<level>] <ExceptionType> in <path>:<line>`, or the nearest to it that the alert allows."""
    where = (_where(alert) if alert.kind == "event" else None) or name(alert.project, limit=WHERE)
    text = f"[{alert.severity}] {_what(alert)}"
    return f"{text} in {where}" if where else text


def _what(alert: Alert) -> str:
    if "metric" in {alert.kind, alert.category}:  # one problem has both shapes, and one title
        named = alert.rule if alert.kind == "metric" else alert.title
        return f"metric alert {name(named, limit=RULE) or ''}".rstrip()
    if not alert.raised:
        return (_sentrys_own(alert.detected) or "problem") if alert.detected else "message event"
    raised = next((raised.type for raised in alert.raised if raised.type), None)
    return _sentrys_own(raised) or name(raised, limit=WHAT) or "exception"


def _sentrys_own(text: str | None) -> str | None:
    words = (text or "").casefold()
    return next((known for known in SENTRYS_OWN if words.startswith(known.casefold())), None)


def _where(alert: Alert) -> str | None:
    frame = crash_frame(crash_stack(alert))
    return (_spot(frame) if frame else None) or _blamed(alert.culprit, is_detected=bool(alert.detected))


def _spot(frame: Frame) -> str | None:
    if frame.path and (shown := path(place(frame, limit=WHERE))):
        return shown
    function, binary = name(called(frame), limit=WHERE), path(module_of(frame))
    both = f"{function} ({binary})" if function and binary else ""
    return both if 0 < len(both) <= WHERE else function or binary


def _blamed(culprit: str | None, *, is_detected: bool) -> str | None:
    """Return what Sentry blames if it is a route, a page's path or a dotted name.

    A bare word says nothing about where; only of what Sentry `is_detected` it names a monitor or a transaction.
    """
    text = ORIGIN.sub("", METHOD.sub("", IN.sub(r"\1.\2", culprit or "")))
    shown = path(text) if "/" in text else name(text, limit=WHERE)
    if shown is None or len(shown) > WHERE:
        return None
    return shown if not shown.isalnum() or (is_detected and shown not in NO_PLACE) else None
