"""Processes that are killed at a chosen line of our code, as `kill -9` may come between any two of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any

FORK = multiprocessing.get_context("fork")
Tell = Callable[[str], None]
"""What the process calls after each thing that it has acknowledged."""


def deaths(work: Callable[[int, Tell], None], *, inside: str) -> Iterator[tuple[int, list[str]]]:
    """Run `work` in one process after another, each killed one line later, until one gets to its end.

    Yield the number of each with what it acknowledged. `inside`: only lines of files with that in their path count.
    """
    number, is_killed = 0, True
    while is_killed:
        number += 1
        ours, theirs = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_live, args=(work, number, inside, theirs))
        process.start()
        theirs.close()
        process.join()
        is_killed = process.exitcode == -signal.SIGKILL
        assert is_killed or process.exitcode == 0
        yield number, _acknowledged(ours)


def _live(work: Callable[[int, Tell], None], number: int, inside: str, told: Connection) -> None:
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401 - as sys.settrace has it
        nonlocal lines
        if inside not in frame.f_code.co_filename:
            return None
        lines += event == "line"
        if lines == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    threading.settrace(trace)
    sys.settrace(trace)
    work(number, told.send)
    sys.settrace(None)


def _acknowledged(told: Connection) -> list[str]:
    words = []
    while told.poll():
        try:
            words.append(str(told.recv()))
        except EOFError:
            break
    return words
