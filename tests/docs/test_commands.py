"""Every command that a page has one type exists, with the options that it is typed with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress

import click
import pytest
from support.pages import blocks, codes, page
from support.service import ROOT

from booty.observability.ops.cli import booty

PAGES = ["README.md", "SECURITY.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
PROGRAM = re.compile(r"^(?:\$ )?(?:sudo )?(?:\.venv/bin/python -m |\./deploy\.sh )?booty (?P<words>[a-z-]+\b.*)$")
CONTEXT = click.Context(booty, info_name="booty")


def typed(name: str) -> Iterator[str]:
    """Yield the lines that a page has one type, as far as the service's own program is called."""
    text = page(name)
    lines = [line for language in ("console", "sh") for block in blocks(text, language) for line in block.splitlines()]
    inline = codes(re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    for line in (*lines, *inline):
        if (found := PROGRAM.match(line)) is not None:
            yield found["words"].partition(" # ")[0].strip()


LINES = sorted({(name, line) for name in PAGES for line in typed(name)})


def test_the_pages_name_every_command_but_none_that_is_not_there() -> None:
    named = {line.split()[0].split("|")[0] for _, line in LINES}

    assert named == set(booty.list_commands(CONTEXT))


@pytest.mark.parametrize(("name", "line"), LINES)
def test_what_a_page_has_one_type_is_understood(name: str, line: str) -> None:
    verb, *words = shlex.split(line.replace("…", "word"))
    command = booty.get_command(CONTEXT, verb)
    assert command is not None, name

    with suppress(click.MissingParameter):  # a sentence may name the command alone
        command.make_context(verb, words)
