"""What the preview does beyond what every tracker promises."""

from __future__ import annotations

import os
from pathlib import Path

from support import alerts

from booty.observability.alerts.issue import Issue
from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Edit
from booty.observability.issues.page.body import render


def draft(event: str = "a" * 32) -> Draft:
    return render(alerts.alert(event=event), trigger_label="agent:builder")


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_an_issue_stays_closed_since_it_was_whatever_is_changed_of_it_afterwards(tmp_path: Path) -> None:
    of = PreviewIssues(tmp_path)
    of.create(draft())
    of.edit(1, Edit(state="completed"))
    os.utime(tmp_path / "1.md", (1_000.0, 1_000.0))
    of.unlabel(1, "agent:builder")
    of.label(1, ("regression",))
    of.edit(1, Edit(title="[error] Another", body="Another."))
    closed = of.read(1)
    of.edit(1, Edit(state="open"))

    assert isinstance(closed, Issue)
    assert names(tmp_path) == ["1.md"]
    assert closed.closed_at == 1_000.0
    assert (tmp_path / "1.md").stat().st_mtime > 1_000.0
