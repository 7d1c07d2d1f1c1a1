"""An issue stands as a step left it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.problems import DONE, NOW, OPEN

from booty.observability.alerts.issue import MUTE, Issue
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.step import SILENT, Step, standing_after


@pytest.mark.parametrize(
    ("step", "of", "closed_at", "is_muted"),
    [
        (Step(), OPEN, None, False),
        (SILENT, DONE, NOW - 3600, False),
        (Step(Edit(state="open", remove_labels=(MUTE,))), replace(DONE, labels=(MUTE,)), None, False),
        (Step(Edit(state="completed")), OPEN, NOW, False),
        (Step(Edit(add_labels=(MUTE,))), OPEN, None, True),
        (SILENT, replace(OPEN, is_open=False, closed_at=NOW - 60), NOW - 60, True),
    ],
)
def test_an_issue_stands_as_it_was_left(step: Step, of: Issue, closed_at: float | None, *, is_muted: bool) -> None:
    standing = standing_after(step, of, read_at=NOW - 1, now=NOW)

    assert (standing.closed_at, standing.is_muted) == (closed_at, is_muted)
