"""The form of an issue in a file, as a person reads and edits it."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from support import alerts, hostile
from support.rendered import skeletons

from booty.observability.alerts.issue import Issue, IssueRef
from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.issues.draft import Draft
from booty.observability.issues.page.body import render
from booty.observability.issues.page.notice import noticed
from booty.observability.text.untrusted import code


def draft(event: str = "a" * 32) -> Draft:
    return render(alerts.alert(event=event), trigger_label="agent:builder")


def test_an_issue_is_a_file_with_title_state_labels_and_body(tmp_path: Path) -> None:
    filing = PreviewIssues(tmp_path / "issues").create(draft())

    path = tmp_path / "issues" / "1.md"
    assert filing == IssueRef(1, str(path))
    assert path.read_text(encoding="utf-8") == (
        f"# {draft().title}\n\nOpen `agent:builder` `severity:error`\n\n{draft().body}\n"
    )
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("text", [*hostile.TEXTS, *hostile.GRAMMAR])
def test_what_an_alert_says_stands_in_code_in_a_file_as_well(tmp_path: Path, text: str) -> None:
    def told(text: str) -> str:
        preview = PreviewIssues(tmp_path)
        filing = preview.create(render(alerts.hostile([f"{text} "]), trigger_label="agent:builder"))
        preview.comment(filing.number, noticed(f"Also seen in release {code(text)}."))
        title, _, rest = (tmp_path / f"{filing.number}.md").read_text(encoding="utf-8").partition("\n")
        assert re.fullmatch(r"# \[error\] [A-Za-z0-9_.:/ ()-]+", title)
        return rest + (tmp_path / f"{filing.number}.comments.md").read_text(encoding="utf-8")

    assert skeletons(told(text)) == skeletons(told("x"))


@pytest.mark.parametrize(("state", "is_completed"), [("Closed", True), ("Closed as not planned", False)])
def test_a_person_closes_an_issue_by_editing_its_state(tmp_path: Path, state: str, is_completed: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    of = PreviewIssues(tmp_path)
    of.create(draft())
    path = tmp_path / "1.md"
    path.write_text(path.read_text(encoding="utf-8").replace("\nOpen ", f"\n{state} "), encoding="utf-8")

    issue = of.read(1)
    assert isinstance(issue, Issue)
    assert (issue.is_open, issue.is_completed) == (False, is_completed)
    assert issue.closed_at == pytest.approx(path.stat().st_mtime)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"# someone's notes"])
def test_a_file_that_a_person_spoilt_hides_no_issue(tmp_path: Path, content: bytes) -> None:
    of = PreviewIssues(tmp_path)
    filings = [of.create(draft(event)) for event in ("a", "b")]
    (tmp_path / "1.md").write_bytes(content)

    assert of.find(draft("a"), since=0) is None
    assert of.find(draft("b"), since=0) == filings[1]
    assert of.read(1) == "missing"
