"""The mark by which those who remember something know that the ledger was changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from booty.observability.ledger.engines.ledger_file import LOCK
from booty.observability.ledger.engines.looks.changes import Changes
from booty.observability.ledger.engines.sqlite import SqliteEngine


def change(engine: SqliteEngine) -> None:
    engine.transact(lambda shelf: shelf.update({"a": 1}))


def test_each_commit_of_any_process_leaves_another_mark(tmp_path: Path) -> None:
    one, other = SqliteEngine(tmp_path), SqliteEngine(tmp_path)
    change(one)
    changes = Changes(tmp_path)
    marks = [changes.mark()]
    for engine in (one, other, one):
        change(engine)
        marks.append(changes.mark())

    assert len(set(marks)) == len(marks)
    assert changes.mark() == changes.mark()


def test_without_a_commit_there_is_no_mark_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=LOCK):
        Changes(tmp_path)
    (tmp_path / LOCK).touch()
    with pytest.raises(ValueError, match="file size"):
        Changes(tmp_path)
