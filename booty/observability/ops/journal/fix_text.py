"""When a closing is called verified, because of which setting. Pure."""

from __future__ import annotations

from booty.observability.config import Settings
from booty.observability.ledger.journal.story import Story
from booty.observability.ops.console.moments import moment

NAME = "OBSV_VERIFY_DAYS"


def fix_text(story: Story, settings: Settings, *, now: float) -> str | None:
    """Say when the closed issue of the story is called verified at `now` (unix seconds), None where it never is."""
    if not settings.verify_seconds or story.watched is None or not settings.follow:
        return None
    days = f"{NAME}={settings.verify_days:g}"
    if story.watched == 0:
        return f"it is called verified when a release that came after the closing has been live that long ({days})"
    at = moment(now + max(settings.verify_seconds - story.watched, 0.0), now=now)
    return f"it is called verified {at}, if it stays quiet and something is heard of the later release then ({days})"
