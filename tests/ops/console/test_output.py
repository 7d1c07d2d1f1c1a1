"""What a command prints, to a terminal or not."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.ledger_doors import Ledger
from support.operator import ROOT, environ_of, refuse

from booty.observability.ops import cli

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


COMMANDS = cli.booty.list_commands(cli.booty.make_context("booty", [], resilient_parsing=True))
PRINTING = ["--help", "status", "log --json", "log --follow", "why 1:1", "doctor --offline", "retry --all", "route"]


def run_to(state: Path, words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose streams the shell leads somewhere else."""
    line = f"set -o pipefail; timeout 30 {sys.executable} -m booty {words}"
    given = environ_of(state, **environ)
    return subprocess.run(["bash", "-c", line], cwd=ROOT, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [*PRINTING, *(f"{name} --help" for name in COMMANDS)])
def test_an_output_that_cannot_be_written_is_said_in_a_line(state: Path, ledger: Ledger, words: str) -> None:
    refuse(ledger, "1:1", at=float(int(time.time())))

    done = run_to(state, f"{words} >/dev/full")

    assert (done.returncode, done.stderr) == (69, "The output cannot be written: No space left on device\n")


@pytest.mark.parametrize("words", PRINTING)
def test_a_reader_that_has_had_enough_is_no_fault(state: Path, ledger: Ledger, words: str) -> None:
    refuse(ledger, "1:1", at=float(int(time.time())))

    done = run_to(state, f"{words} | true")

    assert done.returncode in {0, 3}
    assert done.stderr == ""


@pytest.mark.parametrize("words", ["", "retry", "reconcile"])
@pytest.mark.parametrize("nowhere", ["2>/dev/full", "2>&-"])
def test_a_remark_that_cannot_be_written_leaves_the_exit_code(state: Path, words: str, nowhere: str) -> None:
    heard, unheard = run_to(state, words), run_to(state, f"{words} {nowhere}")

    assert heard.returncode in {2, 78}
    assert (unheard.returncode, unheard.stderr) == (heard.returncode, "")


def test_what_the_encoding_of_a_terminal_lacks_is_spelt_out(state: Path, ledger: Ledger) -> None:
    refuse(ledger, "1:caf\N{LATIN SMALL LETTER E WITH ACUTE}", at=float(int(time.time())))

    done = run_to(state, "status", PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (3, "")
    assert "1:caf\\xe9" in done.stdout
