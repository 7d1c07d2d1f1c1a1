"""What no stack shows: what a detector of Sentry measured, the variables at the crash.

Sections as `sections` describes them: a block of Markdown each, text from outside only in code.
"""

from __future__ import annotations

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.stack.frames import crash_stack
from booty.observability.issues.page.context import ALONE, Context
from booty.observability.issues.page.notice import LACKS, RECONCILED
from booty.observability.text.untrusted import fence, line

# Characters.
DETAILS = 6_000
NAME = 40
VALUE = 800


def details(alert: Alert, _context: Context = ALONE) -> str | None:
    """Show the details, one on a line."""
    if not alert.details:
        return None
    return f"### Details\n\n{fence(_table(alert.details), limit=DETAILS)}"


def variables(alert: Alert, _context: Context = ALONE) -> str | None:
    """Show the local variables of the crash, one on a line."""
    frame = next((frame for frame in crash_stack(alert) if frame.locals), None)
    return f"### Local variables\n\n{fence(_table(frame.locals), limit=DETAILS)}" if frame else None


def reconciled(alert: Alert, _context: Context = ALONE) -> str | None:
    """Say of an alert that no webhook brought how it was found, and what it lacks."""
    if not alert.is_reconciled:
        return None
    return f"*{RECONCILED} {LACKS}*" if alert.lacks_event else f"*{RECONCILED}*"


def _table(pairs: tuple[tuple[str, str], ...]) -> str:
    names = [line(name, limit=NAME) for name, _ in pairs]
    width = max(map(len, names))
    texts = (line(value, limit=VALUE) for _, value in pairs)
    return "\n".join(f"{f'{name}:':<{width + 1}}  {text}" for name, text in zip(names, texts, strict=True))
