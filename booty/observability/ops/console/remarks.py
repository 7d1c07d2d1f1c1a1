"""What a command says besides what it found, on stderr."""

from __future__ import annotations

import os
import sys
from typing import TextIO

import click


def remark(words: str) -> None:
    """Print a line for a person; where stderr takes nothing the exit code has to do."""
    try:
        click.echo(words, err=True)
    except OSError:
        give_up(sys.stderr)


def give_up(stream: TextIO) -> None:
    """Let nothing more go out on a stream that failed: what it still holds would fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
