"""What a command prints: data on stdout, colour for people alone."""

from __future__ import annotations

import json
import os
import sys
from typing import Literal

import click

Colour = Literal["red", "yellow", "green", "blue", "cyan"]


def show(words: str) -> bool:
    """Print lines that the command found; return False when a reader such as `head` has had enough of them."""
    try:
        click.echo(words)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at the end of Python
        return False
    return True


def show_json(*found: object) -> bool:
    """Print JSON values, one on a line; what is not ASCII is escaped, so that nothing in it steers a terminal."""
    return show("\n".join(map(json.dumps, found)))


def coloured(text: str, colour: Colour) -> str:
    """Return `text` for stdout: in colour on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    is_for_people = sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return click.style(text, fg=colour) if is_for_people and os.environ.get("TERM") != "dumb" else text
