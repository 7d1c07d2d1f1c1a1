"""A new issue: its counter, how to silence it, whose place it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from booty.observability.alerts.issue import MUTE
from booty.observability.alerts.problem import Problem
from booty.observability.issues.draft import Draft
from booty.observability.issues.life.counter import counter_of
from booty.observability.issues.life.step import Ending

FOOTER = (
    f"*To silence this problem, close the issue as not planned or label it `{MUTE}`; to hear of it again, reopen it or"
    " remove the label.*"
)
BEFORE: Mapping[Ending, str] = {
    "closed": "which was closed long ago",
    "deleted": "which was deleted",
    "missing": "which can no longer be read",
}


def begin(draft: Draft, problem: Problem, ending: Ending | None = None) -> Draft:
    """Give a new issue its counter block, the way to silence it, and a link to the issue that it takes the place of.

    `ending` is why it does.
    """
    before = f" This was #{problem.issue} before, {BEFORE[ending]}." if problem.issue is not None and ending else ""
    sentence, _, told = draft.body.removesuffix(draft.marker).rstrip().partition("\n\n")
    top = f"{sentence}{before}\n{counter_of(problem)}"
    return replace(draft, body=f"{top}\n\n{told}\n\n{FOOTER}\n\n{draft.marker}")
