"""The section that proposes to go back to the release before."""

from __future__ import annotations

from booty.observability.alerts.alert import Alert
from booty.observability.issues.code.code_context import NewRelease
from booty.observability.issues.page.code_section import SHORT
from booty.observability.issues.page.context import ALONE, Context
from booty.observability.text.untrusted import code

NAME = 100
"""Characters of a release's name."""
MINUTE = 60
BY_WORKFLOW = (
    "To go back: [Actions, workflow **deploy**]({url}) > **Run workflow** > release `previous`, which a person has to"
    " approve; or `./deploy.sh rollback` in a shell. Nothing is rolled back by itself."
)
BY_HAND = "To go back, deploy the release before, `{before}`, again. Nothing is rolled back by itself."


def rollback(alert: Alert, context: Context = ALONE) -> str | None:
    """Say that the problem came with the newest release, what that changed, how to go back."""
    new = context.code_context.new_release
    if new is None or alert.release is None:
        return None
    name = code(alert.release, limit=NAME)
    changed = f"[what changed]({new.url})"
    return f"**New in {name}**, live for {_minutes(new)} when this was first seen: {changed}. {_way_back(new)}"


def _minutes(new: NewRelease) -> str:
    minutes = int(new.live_seconds // MINUTE)
    return "less than a minute" if minutes == 0 else f"{minutes} minute{'s' if minutes > 1 else ''}"


def _way_back(new: NewRelease) -> str:
    if new.deploy_url is None:
        return BY_HAND.format(before=new.before[:SHORT])
    return BY_WORKFLOW.format(url=new.deploy_url)
