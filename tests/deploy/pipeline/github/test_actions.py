"""What the runner reads: annotations, outputs, summaries."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deploy.pipeline.github.actions import TOO_LONG, annotate, foreign_output, write_outputs, write_summary


def test_annotations_survive_newlines_and_percent_signs(capsys: pytest.CaptureFixture[str]) -> None:
    annotate("error", "100 %\nnext\r")

    assert capsys.readouterr().out == "::error::100 %25%0Anext%0D\n"


def test_output_of_others_commands_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with foreign_output():
        sys.stdout.write("::error::not ours\n")

    first, second, last, _ = capsys.readouterr().out.split("\n")
    assert (first.removeprefix("::stop-commands::"), second) == (last.strip(":"), "::error::not ours")
    assert len(last) == 36


def test_a_summary_is_cut_before_github_drops_it(tmp_path: Path) -> None:
    write_summary({"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}, "é" * 600_000)

    written = (tmp_path / "summary").read_text()
    assert len(written.encode()) < 1_000_000
    assert written.endswith(TOO_LONG + "\n")


def test_refuses_an_output_of_two_lines(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="more than one line"):
        write_outputs({"GITHUB_OUTPUT": str(tmp_path / "output")}, {"sha": "a\nurl=evil"})
