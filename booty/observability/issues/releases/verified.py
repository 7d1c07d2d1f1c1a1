"""What is done to an issue whose problem stayed away after it was closed. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.alerts.issue import VERIFIED, Issue
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.step import SILENT, Step

SHORT = 7
"""Digits of a commit, as git shortens it."""


def on_quiet(issue: Issue, *, closed_at: float, days: float, commits: Sequence[str], web: WebLinks) -> Step:
    """Decide what to do to `issue`, closed at `closed_at` (unix seconds), after `days` without an alert.

    Nothing when it is not closed like that any more. `commits` are those of the releases that were live.
    """
    if issue.is_open or not issue.is_completed or issue.is_muted or issue.closed_at != closed_at:
        return SILENT
    links = " and ".join(f"[{commit[:SHORT]}]({web.commit(commit)})" for commit in dict.fromkeys(commits))
    period = f"{days:g} day{'' if days == 1 else 's'}"
    said = f"**Verified fixed.** No alert about this problem has arrived for {period}"
    live = f"while {links}, released after this issue was closed, was live"
    return Step(Edit(add_labels=() if issue.has(VERIFIED) else (VERIFIED,)), f"{said}, {live}.")
