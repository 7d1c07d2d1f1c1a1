"""The part of an issue's body that no stack tells: what a detector of Sentry measured.

Sections as `issue_sections` describes them: a block of Markdown each, text from outside only in code.
"""

from __future__ import annotations

from booty.observability.alert import Alert
from booty.observability.untrusted import fence, line

# Characters.
DETAILS = 6_000
NAME = 40
VALUE = 800


def details(alert: Alert) -> str | None:
    """Show the details, one on a line."""
    if not alert.details:
        return None
    return f"### Details\n\n{fence(_table(alert.details), limit=DETAILS)}"


def _table(pairs: tuple[tuple[str, str], ...]) -> str:
    names = [line(name, limit=NAME) for name, _ in pairs]
    width = max(map(len, names))
    texts = (line(value, limit=VALUE) for _, value in pairs)
    return "\n".join(f"{f'{name}:':<{width + 1}}  {text}" for name, text in zip(names, texts, strict=True))
