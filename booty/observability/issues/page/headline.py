"""The headline of an issue: what broke, where; as its title, as its first sentence.

The title never holds the message, which differs from event to event and is anybody's text. It cannot hold a code span,
so that only identifiers and paths from outside are in it; what is not one is replaced by a word of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import Literal

from booty.observability.alerts.alert import Alert, Frame
from booty.observability.alerts.stack.frames import called, crash_frame, crash_stack, module_of, place
from booty.observability.issues.page.context import ALONE, Context
from booty.observability.issues.page.known_problems import known_problem
from booty.observability.issues.page.stack import in_words
from booty.observability.text.identifiers import name, path
from booty.observability.text.untrusted import code

LIMIT = 200
"""Characters of a title; GitHub takes 256."""
WHAT = 90
WHERE = 90
RULE = 60
NAME = 100
HANDLED: dict[bool | None, str] = {True: "handled", False: "unhandled"}
AT = {"cron": "for", "uptime": "for", "feedback": "on", "replay": "on"}
"""How a sentence goes on that says where a problem of Sentry's own was found, by its category."""
IN = re.compile(r"^(\S+) in (\S+)$")
METHOD = re.compile(r"^[A-Z]{3,7} (?=/)")
NO_PLACE = frozenset({"error", "incident", "missed", "timeout", "user"})
"""What Sentry blames where it knows of no place."""
ORIGIN = re.compile(r"^https?://[^/?#]*(?=/[^/])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """What broke: its kind, its name in Sentry's or the program's words."""

    kind: Literal["metric", "exception", "detected", "message"]
    name: str | None = None


def subject_of(alert: Alert) -> Subject:
    """Decide what broke. A metric's problem comes in two shapes, an alert of its own and an event, and is one."""
    if alert.kind == "metric":
        return Subject("metric", alert.rule)
    if alert.category == "metric":
        return Subject("metric", alert.title)
    if not alert.raised:
        return Subject("detected", alert.detected) if alert.detected else Subject("message")
    return Subject("exception", next((raised.type for raised in alert.raised if raised.type), None))


def title(alert: Alert) -> str:
    """Return `[<level>] <ExceptionType> in <path>:<line>`, or the nearest to it that the alert allows."""
    frame = crash_frame(crash_stack(alert)) if alert.kind == "event" else None
    where = (_spot(frame) if frame else None) or _blamed(alert) or name(alert.project, limit=WHERE)
    text = f"[{alert.severity}] {_named(subject_of(alert))}"
    return f"{text} in {where}" if where else text


def sentence(alert: Alert, _context: Context = ALONE) -> str:
    """Say in one sentence what broke, where, whether it was handled, in which release, and when."""
    words = (
        f"{_told(subject_of(alert), alert)} {_where(alert)}".rstrip(),
        HANDLED.get(alert.is_handled),
        alert.release and f"in release {code(alert.release, limit=NAME)}",
        alert.environment and f"on {code(alert.environment, limit=NAME)}",
        _when(alert),
    )
    return f"{', '.join(word for word in words if word)}."


def _named(subject: Subject) -> str:
    """Name what broke without a code span."""
    match subject.kind:
        case "metric":
            return f"metric alert {name(subject.name, limit=RULE) or ''}".rstrip()
        case "detected":
            return known_problem(subject.name) or "problem"
        case "message":
            return "message event"
        case "exception":
            return known_problem(subject.name) or name(subject.name, limit=WHAT) or "exception"


def _told(subject: Subject, alert: Alert) -> str:
    """Begin a sentence about what broke."""
    match subject.kind:
        case "metric":
            known = subject.name or alert.title
            return f"Metric alert {code(known, limit=NAME)} fired" if known else "Metric alert fired"
        case "detected":
            return f"{code(subject.name or '', limit=NAME)} reported"
        case "message":
            return "Message logged"
        case "exception":
            return f"{code(subject.name, limit=NAME) if subject.name else 'Exception without a name'} raised"


def _where(alert: Alert) -> str:
    frame = crash_frame(crash_stack(alert))
    if frame is not None:
        return in_words(frame)
    return f"{AT.get(alert.category, 'in')} {code(alert.culprit, limit=NAME)}" if alert.culprit else ""


def _when(alert: Alert) -> str | None:
    if alert.occurred_at is None:
        return None
    at = alert.occurred_at.astimezone(UTC) if alert.occurred_at.tzinfo else alert.occurred_at
    return f"{'since' if alert.kind == 'metric' else 'at'} {at:%Y-%m-%d %H:%M:%S} UTC"


def _spot(frame: Frame) -> str | None:
    if frame.path and (shown := path(place(frame, limit=WHERE))):
        return shown
    function, binary = name(called(frame), limit=WHERE), path(module_of(frame))
    both = f"{function} ({binary})" if function and binary else ""
    return both if 0 < len(both) <= WHERE else function or binary


def _blamed(alert: Alert) -> str | None:
    """Return what Sentry blames if it is a route, a page's path or a dotted name.

    A bare word says nothing about where; only of what Sentry itself detected it names a monitor or a transaction.
    """
    if alert.kind == "metric":
        return None
    text = ORIGIN.sub("", METHOD.sub("", IN.sub(r"\1.\2", alert.culprit or "")))
    shown = path(text) if "/" in text else name(text, limit=WHERE)
    if shown is None or len(shown) > WHERE:
        return None
    return shown if not shown.isalnum() or (alert.detected and shown not in NO_PLACE) else None
