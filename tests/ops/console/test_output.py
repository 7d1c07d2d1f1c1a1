"""What a command prints, to a terminal or not."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

PAINT = "from booty.observability.ops.console.output import coloured, show; show(coloured('FAIL', 'red'))"


def printed_on_a_terminal(**environ: str) -> str:
    """Return what a program prints where stdout is a terminal."""
    mine, its = pty.openpty()
    given = {"PATH": os.environ["PATH"], "TERM": "xterm", **environ}
    subprocess.run([sys.executable, "-c", PAINT], stdout=its, env=given, check=True)
    os.close(its)
    words = os.read(mine, 1000).decode()
    os.close(mine)
    return words


def test_a_terminal_gets_colour() -> None:
    assert printed_on_a_terminal() == "\x1b[31mFAIL\x1b[0m\r\n"


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_none_gets_none(environ: dict[str, str]) -> None:
    assert printed_on_a_terminal(**environ) == "FAIL\r\n"


def test_a_pipe_gets_none() -> None:
    done = subprocess.run([sys.executable, "-c", PAINT], capture_output=True, text=True, check=True)

    assert done.stdout == "FAIL\n"
