"""The first and the last thing that an issue's body says: all of it in one sentence, and what it ran on, folded away.

Sections as `issue_sections` describes them: a block of Markdown each, text from outside only in code.
"""

from __future__ import annotations

import re
from datetime import UTC

from booty.observability.alert import Alert
from booty.observability.issue_stack import in_words
from booty.observability.location import crash_frame, crash_stack
from booty.observability.untrusted import code

# Characters.
NAME = 100
VALUE = 160
HANDLED: dict[bool | None, str] = {True: "handled", False: "unhandled"}
COMMIT = re.compile(r"(@[0-9a-f]{7})[0-9a-f]{33}$")  # the facts have all of it
TOLD_ABOVE = frozenset({"environment", "handled", "level", "release"})
"""Tags that the facts repeat."""


def triage(alert: Alert) -> str:
    """Say in one sentence what broke, where, in which release, and since when: an event knows only its own time."""
    words = (
        f"{_what(alert)} {_where(alert)}".rstrip(),
        HANDLED.get(alert.is_handled),
        alert.environment and f"on {code(alert.environment, limit=NAME)}",
        alert.release and f"in release {code(_short(alert.release), limit=NAME)}",
        _since(alert),
    )
    return f"{', '.join(word for word in words if word)}."


def context(alert: Alert) -> str | None:
    """List what the error ran on, and Sentry's tags, for who unfolds it."""
    told = [pair for pair in alert.tags if pair[0] not in TOLD_ABOVE]
    pairs = dict.fromkeys((*alert.contexts, *told))  # Sentry makes tags of contexts
    rows = [f"- {code(name, limit=NAME)}: {code(value, limit=VALUE)}" for name, value in pairs]
    if not rows:
        return None
    return "\n\n".join(("<details>\n<summary>What it ran on, and its tags</summary>", "\n".join(rows), "</details>"))


def _what(alert: Alert) -> str:
    if alert.kind == "metric":
        name = alert.rule or alert.title
        return f"The metric alert {code(name, limit=NAME)} fires" if name else "A metric alert fires"
    if not alert.raised:
        return f"{code(alert.detected, limit=NAME)} is reported" if alert.detected else "A message is logged"
    kind = next((raised.type for raised in alert.raised if raised.type), None)
    return f"{code(kind, limit=NAME) if kind else 'An exception without a name'} is raised"


def _where(alert: Alert) -> str:
    frame = crash_frame(crash_stack(alert))
    if frame is not None:
        return in_words(frame)
    return f"in {code(alert.culprit, limit=NAME)}" if alert.culprit else ""


def _short(release: str) -> str:
    return COMMIT.sub(r"\1", release)


def _since(alert: Alert) -> str | None:
    if alert.occurred_at is None:
        return None
    at = alert.occurred_at.astimezone(UTC) if alert.occurred_at.tzinfo else alert.occurred_at
    return f"since {at:%Y-%m-%d %H:%M} UTC{'' if alert.kind == 'metric' else ' or before'}"
