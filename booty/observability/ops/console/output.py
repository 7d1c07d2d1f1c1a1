"""What a command prints: data on stdout, colour for people alone."""

from __future__ import annotations

import json
import os
import select
import sys
import time
from stat import S_ISFIFO
from typing import Literal

import click

from booty.observability.ops.console.exits import Unreachable
from booty.observability.ops.console.remarks import give_up

Colour = Literal["red", "yellow", "green", "blue", "cyan"]


def show(words: str) -> bool:
    """Print lines that the command found; return False when a reader such as `head` has had enough of them.

    A character that stdout's encoding lacks is spelt out. Raises `Unreachable` when stdout takes nothing, as a full
    disk does.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        click.echo(words.encode(encoding, "backslashreplace").decode(encoding))
    except BrokenPipeError:
        give_up(sys.stdout)
        return False
    except OSError as error:
        give_up(sys.stdout)
        raise Unreachable(f"The output cannot be written: {error.strerror}") from error
    return True


def is_read_after(seconds: float) -> bool:
    """Wait for so long, or until whoever reads stdout through a pipe is gone; return whether they are still there."""
    if sys.stdout is None or not S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode):
        time.sleep(seconds)
        return True
    pipe = select.poll()
    pipe.register(sys.stdout, 0)  # nothing is asked for: that its reader is gone is told anyway
    return not pipe.poll(seconds * 1000)


def show_json(*found: object) -> bool:
    """Print JSON values, one on a line; what is not ASCII is escaped, so that nothing in it steers a terminal."""
    return show("\n".join(map(json.dumps, found)))


def coloured(text: str, colour: Colour) -> str:
    """Return `text` for stdout: in colour on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    is_for_people = sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return click.style(text, fg=colour) if is_for_people and os.environ.get("TERM") != "dumb" else text
