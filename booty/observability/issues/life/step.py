"""What to do to an issue, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from booty.observability.alerts.handover.terms import BUILDER, Handing
from booty.observability.alerts.issue import MUTE, Issue, Standing
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.edit import Edit

Ending = Literal["closed", "deleted", "missing"]
"""Why a new issue takes the place of one: it was closed too long ago, or it is not there any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do to an issue: comment first, then edit; or let a new issue take its place.

    `is_told` says that afterwards the issue says what is known, `names_closer` that the comment would say what closed
    the issue, if that were known.
    """

    edit: Edit = field(default_factory=Edit)
    comment: str | None = None
    is_replaced: bool = False
    is_told: bool = True
    names_closer: bool = False

    def marker(self, event: str) -> str:
        """Return what ends its comment, by which that is found again; `event` is what the step is done for.

        One that opens the issue again is told from a comment for the same event that was made before the closing.
        """
        own = f"<!-- booty:event={event} -->"
        return f"<!-- booty:back -->\n{own}" if self.edit.state == "open" else own


SILENT = Step(is_told=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """How issues are followed.

    `window_seconds`: how long after its closing an issue is reopened; `web`: the repository's pages;
    `handing`: who gets an issue that is reopened; `trusted` are the commits known to be the repository's own: no other
    one is linked.
    """

    window_seconds: float
    web: WebLinks
    trusted: frozenset[str] = frozenset()
    handing: Handing = BUILDER


def standing_after(step: Step, issue: Issue, *, read_at: float, now: float) -> Standing:
    """Return how `issue`, read at `read_at`, stands after `step` was done at `now` (unix seconds)."""
    edit = step.edit
    is_muted = edit.state != "open" and issue.is_muted and MUTE not in {label.lower() for label in edit.remove_labels}
    closed_at = (None if edit.state == "open" else now) if edit.state else issue.closed_at
    as_of = now if edit.state or MUTE in (*edit.add_labels, *edit.remove_labels) else read_at
    return Standing(closed_at, is_muted or MUTE in edit.add_labels, as_of)
