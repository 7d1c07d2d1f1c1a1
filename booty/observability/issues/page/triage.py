"""The first and the last thing that an issue's body says: all of it in one sentence, and what it ran on, folded away.

Sections as `issue_sections` describes them: a block of Markdown each, text from outside only in code.
"""

from __future__ import annotations

from datetime import UTC

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.stack.frames import crash_frame, crash_stack
from booty.observability.issues.page.context import ALONE, Context
from booty.observability.issues.page.stack import in_words
from booty.observability.text.untrusted import code

# Characters.
NAME = 100
VALUE = 160
HANDLED: dict[bool | None, str] = {True: "handled", False: "unhandled"}
AT = {"cron": "for", "uptime": "for", "feedback": "on", "replay": "on"}
"""How a sentence goes on that says where a problem of Sentry's own was found, by its category."""
TOLD_ABOVE = frozenset({"environment", "handled", "level", "release"})
"""Tags that the page says already."""


def triage(alert: Alert, _context: Context = ALONE) -> str:
    """Say in one sentence what broke, where, whether it was handled, in which release, and when."""
    words = (
        f"{_what(alert)} {_where(alert)}".rstrip(),
        HANDLED.get(alert.is_handled),
        alert.release and f"in release {code(alert.release, limit=NAME)}",
        alert.environment and f"on {code(alert.environment, limit=NAME)}",
        _when(alert),
    )
    return f"{', '.join(word for word in words if word)}."


def ran_on(alert: Alert, _context: Context = ALONE) -> str | None:
    """List what the error ran on, and Sentry's tags, for who unfolds it."""
    told = [(name, value) for name, value in alert.tags if name not in TOLD_ABOVE and value != alert.culprit]
    pairs = dict.fromkeys((*alert.contexts, *told))  # Sentry makes tags of contexts
    rows = [f"- {code(name, limit=NAME)}: {code(value, limit=VALUE)}" for name, value in pairs]
    if not rows:
        return None
    return "\n\n".join(("<details>\n<summary>What it ran on, and its tags</summary>", "\n".join(rows), "</details>"))


def _what(alert: Alert) -> str:
    if "metric" in {alert.kind, alert.category}:
        name = alert.title if alert.kind == "event" else alert.rule or alert.title
        return f"Metric alert {code(name, limit=NAME)} fired" if name else "Metric alert fired"
    if not alert.raised:
        return f"{code(alert.detected, limit=NAME)} reported" if alert.detected else "Message logged"
    kind = next((raised.type for raised in alert.raised if raised.type), None)
    return f"{code(kind, limit=NAME) if kind else 'Exception without a name'} raised"


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
