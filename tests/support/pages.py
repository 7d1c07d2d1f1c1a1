"""What README and the pages of docs/ say, for tests that hold it against the code."""

from __future__ import annotations

import re
from typing import NamedTuple

from support.service import ROOT

FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")


class Block(NamedTuple):
    """A block of code: its language, its lines."""

    language: str
    text: str


def page(name: str) -> str:
    """Return the page's Markdown, by its path from the project's top."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return what is below a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found is not None, f"no heading {heading!r}"
    below = text[found.end() :]
    ends = re.search(rf"^#{{1,{len(found[1])}}} ", FENCE.sub(lambda block: "x" * len(block[0]), below), re.MULTILINE)
    return below[: ends.start()] if ends else below


def blocks(text: str, language: str) -> list[str]:
    """Return the blocks of code in one language."""
    return [found["text"] for found in FENCE.finditer(text) if found["language"] == language]


def rows(text: str, head: str) -> list[list[str]]:
    """Return the cells of each row of the first table whose first column is called `head`."""
    lines = text.split(f"\n| {head} |", maxsplit=1)[1].splitlines()[2:]
    table = lines[: next((at for at, line in enumerate(lines) if not line.startswith("|")), None)]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]


def codes(text: str) -> list[str]:
    """Return the code spans of a text, in order."""
    return CODE.findall(text)
