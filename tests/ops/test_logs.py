"""What a log line looks like on a pipe, and on a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import socket
import subprocess
import sys
import termios
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOSTILE = "two\nlines \x1b[31m\r\u2028 and a bell \a"
SET_UP = """
import logging.config, sys
from booty.observability.ops.logs import configuration, omit_unshown
omit_unshown()
logging.config.dictConfig(configuration(is_terminal=sys.stderr.isatty()))
"""
"""As the service's own gunicorn does."""
PROGRAM = f"""
{SET_UP}
log = logging.getLogger("booty.observability.webhook.routes")
log.info("alert_accepted", extra={{"fingerprint": "1:2", "reason": {HOSTILE!r}}})
log.debug("not_shown")
logging.getLogger("urllib3").info("not shown either")
logging.getLogger("gunicorn.error").info("Booting worker with pid: %s", 7)
logging.getLogger("some.package").warning("a library's %s", "warning")
try:
    raise ValueError({HOSTILE!r})
except ValueError:
    log.exception("courier_failed", extra={{"odd": object}})
"""


def run() -> list[str]:
    return [sys.executable, "-c", PROGRAM]


@pytest.fixture(scope="module")
def piped() -> list[str]:
    """Return the lines of the program's stderr, a pipe."""
    done = subprocess.run(run(), cwd=ROOT, capture_output=True, check=True, timeout=30)
    assert done.stdout == b""
    return done.stderr.decode().split("\n")


@pytest.fixture(scope="module")
def shown() -> str:
    """Return what the program's stderr shows on a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(run(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        text = b""
        try:
            while part := os.read(ours, 65536):
                text += part
        except OSError:  # how Linux says that the other end of a terminal is closed
            os.close(ours)
        assert process.wait(30) == 0
    return text.decode()


def test_an_event_is_one_line_of_json_with_its_name_and_fields(piped: list[str]) -> None:
    line = json.loads(piped[0])

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "alert_accepted",
        "level": "info",
        "logger": "booty.observability.webhook.routes",
        "fingerprint": "1:2",
        "reason": HOSTILE,
    }


def test_every_line_on_a_pipe_is_an_event_whatever_its_fields_hold(piped: list[str]) -> None:
    events = [json.loads(line)["event"] for line in piped[:-1]]

    assert piped[-1] == ""
    assert events == ["alert_accepted", "Booting worker with pid: 7", "a library's warning", "courier_failed"]


def test_a_traceback_is_a_field_of_its_line(piped: list[str]) -> None:
    line = json.loads(piped[3])

    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("ValueError")  # its words may be an alert's
    assert line["odd"] == "<class 'object'>"


def test_on_a_terminal_it_reads_as_text_in_colour(shown: str) -> None:
    first = shown.splitlines()[0]

    assert "alert_accepted" in first
    assert "\x1b[" in first
    assert not first.startswith("{")


def test_a_hostile_field_neither_breaks_the_line_nor_steers_the_terminal(shown: str) -> None:
    first = shown.split("\r\n", maxsplit=1)[0]

    assert "two\\nlines \\x1b[31m\\r\\u2028 and a bell \\x07" in first


def test_a_terminal_shows_where_an_exception_was_raised(shown: str) -> None:
    assert "Traceback (most recent call last)" in shown
    assert "ValueError" in shown


CROWD = f"""
{SET_UP}
from concurrent.futures import ThreadPoolExecutor
log = logging.getLogger("booty.observability.webhook.routes")
with ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda number: log.info("alert_ignored", extra={{"number": number, "text": "x" * 200}}), range(2000)))
"""
ROOM = 1 << 20
"""For all that the crowd writes: a reader that is late by more than the log's patience would lose lines by design."""


def test_the_lines_of_many_threads_are_each_whole() -> None:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, ROOM)
    with os.fdopen(reading, "rb") as log:
        with os.fdopen(writing, "wb") as stderr:
            subprocess.run([sys.executable, "-c", CROWD], cwd=ROOT, stderr=stderr, check=True, timeout=30)
        kept = log.read()

    lines = [json.loads(line) for line in kept.splitlines()]
    assert sorted(line["number"] for line in lines) == list(range(2000))


STANDING_STILL = f"""
{SET_UP}
import sys, time
log = logging.getLogger("booty")
began = time.monotonic()
for number in range(5_000):
    log.info("counted", extra={{"number": number, "long": "x" * 100}})
print(time.monotonic() - began, flush=True)
sys.stdin.readline()
log.info("goes_on")
"""


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_a_log_that_stands_still_keeps_nobody_waiting_and_says_afterwards_what_is_lost(kind: str) -> None:
    reading, writing = os.pipe() if kind == "pipe" else (each.detach() for each in socket.socketpair())
    command = [sys.executable, "-c", STANDING_STILL]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=writing, text=True
    ) as program:
        assert program.stdout is not None
        os.close(writing)
        seconds = float(program.stdout.readline())
        with os.fdopen(reading, "rb") as log:
            kept = os.read(reading, 32_768)
            program.communicate("\n")
            kept += log.read()

    lines = [json.loads(line) for line in kept.splitlines() if line]
    told = next(line for line in lines if line["event"] == "log_lines_lost")
    assert seconds < 5.0
    assert [line["number"] for line in lines if line["event"] == "counted"] == list(range(5_000 - told["times"]))
    assert "goes_on" in [line["event"] for line in lines]


def test_a_terminal_that_is_stopped_keeps_nobody_waiting() -> None:
    screen, terminal = os.openpty()
    termios.tcflow(terminal, termios.TCOOFF)  # as Ctrl-S does
    command = [sys.executable, "-c", STANDING_STILL]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=terminal, text=True
    ) as program:
        assert program.stdout is not None
        seconds = float(program.stdout.readline())
        termios.tcflow(terminal, termios.TCOON)
        program.communicate("\n")
        kept = os.read(screen, 32_768)

    os.close(terminal)
    os.close(screen)
    assert seconds < 5.0
    assert b"log_lines_lost" in kept
    assert b"goes_on" in kept


def test_a_log_that_cannot_be_written_fails_no_work() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM + "print('done')"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=stream,
            check=False,  # from 3.14 on Python itself ends with 120, as it always did for stdout
            timeout=30,
        )

    assert done.stdout == b"done\n"
