"""The section that ties an alert to the repository's history: suspects, what changed.

Sections as `sections` describes them, written from an alert's code context. Texts of commits are as hostile as those
of events, so they are in code; addresses are made by `code.links`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from booty.observability.alerts.alert import Alert
from booty.observability.issues.code.code_context import Comparison, Suspect
from booty.observability.issues.page.context import ALONE, Context
from booty.observability.text.untrusted import code

# Characters.
SUBJECT = 120
LOGIN = 40
SHORT = 7
"""Digits of a commit, as git shortens it."""
FRESH = " This release was first seen less than an hour before this issue was opened: look at what it changed."
UNTRUSTED = (
    "The release names a commit that was not found on the default branch of this repository: nothing here links to it."
)
UNITS = (
    (timedelta(days=365), "year"),
    (timedelta(days=30), "month"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


def suspects(alert: Alert, context: Context = ALONE) -> str | None:
    """Name the last commits that touched the file of the crash, link what the release changed; or say why neither."""
    code_context = context.code_context
    if code_context.is_untrusted:
        return UNTRUSTED
    blocks = ["### Suspects"]
    if code_context.suspects:
        rows = "\n".join(_suspect(suspect, alert.occurred_at) for suspect in code_context.suspects)
        blocks += ["The last commits up to this release that touched the file of the crash.", rows]
    if code_context.comparison:
        blocks.append(_compared(code_context.comparison, is_told=code_context.new_release is not None))
    return "\n\n".join(blocks) if len(blocks) > 1 else None


def _suspect(suspect: Suspect, occurred_at: datetime | None) -> str:
    author = f" by {code(suspect.author, limit=LOGIN)}" if suspect.author else ""
    pull = f", [pull request {suspect.pull}]({suspect.pull_url})" if suspect.pull else ""
    told = f"[`{suspect.sha[:SHORT]}`]({suspect.url}) {code(suspect.subject, limit=SUBJECT)}{author}"
    return f"- {told}, {_age(suspect.committed_at, occurred_at)}{pull}"


def _age(moment: datetime, occurred_at: datetime | None) -> str:
    """Say how long before the error it was, or when, where the error's own time is missing or earlier."""
    if occurred_at is None or occurred_at.tzinfo is None or moment > occurred_at:
        return f"on {moment:%Y-%m-%d}"
    age = occurred_at - moment
    for unit, name in UNITS:
        if count := age // unit:
            return f"{count} {name}{'s' if count > 1 else ''} before the error"
    return "within a minute before the error"


def _compared(comparison: Comparison, *, is_told: bool) -> str:
    """Link what changed; `is_told`: the page says already that the release is new."""
    before, after = comparison.before[:SHORT], comparison.after[:SHORT]
    fresh = FRESH if comparison.is_fresh and not is_told else ""
    return f"[What changed from the release before, `{before}`, to this one, `{after}`]({comparison.url}).{fresh}"
