"""The terms that a problem's next alert is judged by, with their setting: the route's of the last one, else our own."""

from __future__ import annotations

from booty.observability.config import Settings
from booty.observability.ledger.journal.entries import Line
from booty.observability.ledger.journal.story import Story

ROUTES = "OBSV_ROUTES"
HOUR_SECONDS = 3600.0


def least(line: Line, settings: Settings) -> tuple[str, str, str]:
    """Return the least severity that is filed, its setting, both in words; `line` is of an alert below it."""
    if line.min_severity is not None:
        return line.min_severity, ROUTES, f"min_severity = {line.min_severity!r} {_where(line)}"
    category = line.category or "error"
    own = f"OBSV_MIN_SEVERITY_{category.upper()}"
    name = own if category in settings.min_severity_of else "OBSV_MIN_SEVERITY"
    level = settings.min_severity_of.get(category, settings.min_severity).value
    return level, name, f"{name}={level}"


def cooldown(story: Story, settings: Settings) -> tuple[float, str, str]:
    """Return how long the problem cools down (seconds), the setting, both in words."""
    decided = (line for line in reversed(story.lines) if line.verdict in {"accepted", "news"} and line.change is None)
    last = next(decided, None)
    if last is not None and last.cooldown_hours is not None:
        hours = last.cooldown_hours
        return hours * HOUR_SECONDS, ROUTES, f"cooldown_hours = {hours:g} {_where(last)}"
    name = "OBSV_COOLDOWN_HOURS"
    return settings.cooldown_seconds, name, f"{name}={settings.cooldown_hours:g}"


def _where(line: Line) -> str:
    return f"of the route in line {line.route} of {ROUTES}"
