"""Frames as the SDKs of many languages write them, and the file of a usual repository that each of them is, or none.

In `frames/*.txt` stand the files of a repository, then a frame a row: its path, its path on the machine, its module,
and the file that its author would open; `-` stands for what is not there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from booty.observability.alerts.alert import Frame
from booty.observability.issues.code.source_tree import SourceTree

TABLES = sorted(Path(__file__).with_name("frames").glob("*.txt"))


def rows(table: Path) -> list[tuple[Frame, str | None]]:
    """Return the frames in `table`, each with its file."""
    found = []
    for row in table.read_text(encoding="utf-8").partition("\n\n")[2].splitlines():
        path, *others = (cell.strip() for cell in row.split(" | "))
        absolute, module, file = (None if each == "-" else each for each in others)
        found.append((Frame(path=path, absolute_path=absolute, module=module, in_app=True), file))
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_a_frame_is_the_file_that_its_author_would_open_or_none(table: Path) -> None:
    files = table.read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    tree = SourceTree(files, home="github.com/acme/shop")
    wrong = [(frame.path, tree.find(frame), file) for frame, file in rows(table) if tree.find(frame) != file]

    assert wrong == []


def test_there_are_frames_of_every_language() -> None:
    assert {table.stem for table in TABLES} >= {"go", "jvm", "node", "php", "python", "ruby"}
    assert all(len(rows(table)) >= 18 for table in TABLES)
