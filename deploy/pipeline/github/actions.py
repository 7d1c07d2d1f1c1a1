"""What GitHub's runner reads from a step: annotations, outputs, the job summary.

Nothing here knows of deploys. Formats: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

SUMMARY_LIMIT_BYTES = 900_000
"""GitHub takes 1 MiB a step and drops the whole summary beyond it."""
TOO_LONG = "\n\n… the rest was cut: it is longer than a job summary may be."

MARKS = {"notice": "💡", "warning": "⚠️", "error": "❌"}


class Refused(Exception):
    """The run must stop here; the message says why, what to do next, in words for the person who reads the log."""


def annotate(level: Literal["notice", "warning", "error"], message: str) -> None:
    """Print one annotation, which GitHub shows on the run's page; newlines in it survive."""
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    sys.stdout.write(f"::{level}::{escaped}\n")
    sys.stdout.flush()


def tell(environment: Mapping[str, str], level: Literal["notice", "warning", "error"], message: str) -> None:
    """Annotate the run, and write the same into the job summary, which stays when the log is long."""
    annotate(level, message)
    write_summary(environment, f"{MARKS[level]} {message}\n")


@contextmanager
def foreign_output() -> Iterator[None]:
    """Print what others wrote: within it, lines that look like workflow commands are only text."""
    token = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{token}\n")
    try:
        yield
    finally:
        sys.stdout.write(f"::{token}::\n")
        sys.stdout.flush()


def write_outputs(environment: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Append step outputs to `$GITHUB_OUTPUT`; raises ValueError for a value of several lines."""
    for name, value in outputs.items():
        if "\n" in value or "\r" in value:
            raise ValueError(f"the output {name} has more than one line")
    _append(environment, "GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs.items()))


def write_summary(environment: Mapping[str, str], markdown: str) -> None:
    """Append Markdown to the job summary, cut at `SUMMARY_LIMIT_BYTES`."""
    encoded = markdown.encode()
    if len(encoded) > SUMMARY_LIMIT_BYTES:
        markdown = encoded[:SUMMARY_LIMIT_BYTES].decode(errors="ignore") + TOO_LONG
    _append(environment, "GITHUB_STEP_SUMMARY", markdown + "\n")


def _append(environment: Mapping[str, str], variable: str, text: str) -> None:
    with Path(environment[variable]).open("a", encoding="utf-8") as file:
        file.write(text)
