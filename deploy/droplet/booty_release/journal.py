"""The log of the service with that of its deploys."""

from __future__ import annotations

import collections
import os
import select
import subprocess
import sys
from typing import IO

from booty_release.request import Request

_LINES = 200  # shown where nobody says since when
_COMMAND = ["journalctl", "--identifier=booty", "--identifier=booty-release", "--output=short-iso", "--no-pager"]


def show(request: Request) -> None:
    """Print the lines that `request` asks for; with `follow`, until nobody reads them any more."""
    command = list(_COMMAND)
    if request.since:
        is_span = request.since[-1] in "smhd"
        command.append(f"--since=-{request.since}" if is_span else f"--since={request.since.replace('T', ' ')} UTC")
    if request.follow:
        command += ["--follow"] if request.since else ["--follow", f"--lines={_LINES}"]
    wanted = request.grep.encode()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as journal:  # noqa: S603 - matched by the grammar
        if journal.stdout is None:
            return
        try:
            if request.follow:
                _follow(journal.stdout, wanted)
            else:
                lines = (line for line in journal.stdout if wanted in line)
                _write(b"".join(collections.deque(lines, maxlen=None if request.since else _LINES)))
        except OSError:  # the other end is gone
            return
        finally:
            journal.kill()


def _follow(journal: IO[bytes], wanted: bytes) -> None:
    events, rest, out = select.poll(), b"", sys.stdout.fileno()
    events.register(journal, select.POLLIN)
    events.register(out, 0)  # wakes up when the other end is closed
    while out not in dict(events.poll()):
        read = os.read(journal.fileno(), 1 << 16)
        if not read:
            return
        *lines, rest = (rest + read).split(b"\n")
        _write(b"".join(line + b"\n" for line in lines if wanted in line))


def _write(lines: bytes) -> None:
    sys.stdout.write(lines.decode(errors="replace"))
    sys.stdout.flush()
