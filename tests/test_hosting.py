"""Starting by itself, in processes that fork and in those that do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = """
import os, sys, time
from booty.observability.hosting import Hosted

def say(word):
    os.write(1, f"{word} {'parent' if os.getpid() == parent else 'child'}\\n".encode())

parent = os.getpid()
hosted = Hosted(
    start=lambda: say("start"), stop=lambda: say("stop"), renew=lambda: say("renew"), seconds=float(sys.argv[1])
)
if sys.argv[2] == "waits":
    time.sleep(0.5)
child = 0 if sys.argv[2] == "alone" else os.fork()
time.sleep(0.5)
if child:
    os.waitpid(child, 0)
"""


def run(seconds: float, manner: str) -> list[str]:
    """Return what happens in a process that waits for so long, and forks when `manner` says so."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(seconds), manner]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_process_that_does_not_fork_starts_by_itself_and_stops_at_its_end() -> None:
    assert run(0.1, "alone") == ["start parent", "stop parent"]


def test_of_a_process_that_forks_the_child_starts_and_the_parent_does_not() -> None:
    assert run(0.1, "forks") == ["renew child", "start child", "stop child", "stop parent"]


def test_a_child_of_a_process_that_has_started_leaves_the_work_to_it() -> None:
    assert run(0.1, "waits") == ["start parent", "renew child", "stop child", "stop parent"]


def test_nothing_starts_in_a_process_that_ends_before() -> None:
    assert run(9.0, "alone") == ["stop parent"]
