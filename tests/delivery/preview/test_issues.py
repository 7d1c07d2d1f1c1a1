"""The preview: issues as files that appear whole, are found again, and hold what GitHub would show."""

from __future__ import annotations

import multiprocessing
import os
import re
import stat
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from support import alerts, hostile
from support.rendered import skeletons

from booty.observability.alerts.issue import Issue, IssueRef
from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Postponed
from booty.observability.issues.page.body import render
from booty.observability.issues.page.notice import noticed
from booty.observability.text.untrusted import code

FORK = multiprocessing.get_context("fork")


def draft(event: str = "a" * 32) -> Draft:
    return render(alerts.alert(event=event), trigger_label="agent:builder")


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


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


def test_numbers_go_up_and_nothing_else_is_left(tmp_path: Path) -> None:
    of = PreviewIssues(tmp_path)
    (tmp_path / "notes.md").write_text("mine")

    assert [of.create(draft(event)).number for event in ("a", "b", "c")] == [1, 2, 3]
    assert names(tmp_path) == ["1.md", "2.md", "3.md", "notes.md"]


def test_a_number_that_is_gone_is_not_given_again_while_a_later_one_is_there(tmp_path: Path) -> None:
    of = PreviewIssues(tmp_path)
    for event in ("a", "b"):
        of.create(draft(event))
    (tmp_path / "1.md").unlink()

    assert of.create(draft("c")).number == 3


def create_at_once(directory: Path, barrier: Barrier, event: str) -> None:
    barrier.wait()
    for number in range(5):
        PreviewIssues(directory).create(draft(f"{event}{number}"))


def test_processes_that_create_at_once_get_numbers_of_their_own(tmp_path: Path) -> None:
    barrier = FORK.Barrier(4)
    writers = [FORK.Process(target=create_at_once, args=(tmp_path, barrier, event)) for event in "abcd"]
    for process in writers:
        process.start()
    for process in writers:
        process.join()

    assert [process.exitcode for process in writers] == [0] * 4
    assert names(tmp_path) == sorted(f"{number}.md" for number in range(1, 21))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"# someone's notes"])
def test_a_file_that_a_person_spoilt_hides_no_issue(tmp_path: Path, content: bytes) -> None:
    of = PreviewIssues(tmp_path)
    filings = [of.create(draft(event)) for event in ("a", "b")]
    (tmp_path / "1.md").write_bytes(content)

    assert of.find(draft("a"), since=0) is None
    assert of.find(draft("b"), since=0) == filings[1]
    assert of.read(1) == "missing"


def test_a_directory_that_cannot_be_written_postpones(tmp_path: Path) -> None:
    (tmp_path / "issues").write_text("no directory")

    with pytest.raises(Postponed, match="issues cannot be written: File exists"):
        PreviewIssues(tmp_path / "issues").create(draft())


def test_an_issue_that_cannot_be_read_postpones_instead_of_counting_as_missing(tmp_path: Path) -> None:
    of = PreviewIssues(tmp_path)
    of.create(draft())
    (tmp_path / "1.md").unlink()
    (tmp_path / "1.md").mkdir()

    with pytest.raises(Postponed, match="cannot be read"):
        of.find(draft(), since=0)
    with pytest.raises(Postponed, match="cannot be read"):
        of.read(1)


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
