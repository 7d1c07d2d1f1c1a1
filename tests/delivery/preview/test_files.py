"""The files of the preview: numbered one by one, written whole, never lost silently."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from support import alerts

from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.issues.draft import Draft
from booty.observability.issues.outcomes import Postponed
from booty.observability.issues.page.body import render

FORK = multiprocessing.get_context("fork")


def draft(event: str = "a" * 32) -> Draft:
    return render(alerts.alert(event=event), trigger_label="agent:builder")


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


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
