#!/usr/bin/env python3
r"""Render a Markdown file to a PNG in GitHub's look.

For the pictures in this project's documents only: the page may run no script of the Markdown's, loads nothing from
anywhere (a Content-Security-Policy says so), and is an approximation of GitHub's style, not GitHub's renderer.

    python docs/picture.py issue.md issue.png --title "[error] KeyError in app.py:7" --number 12 \
        --label agent:builder=5319e7 --label severity:error=d73a4a --caption "booty-bot opened this issue"

Needs markdown-it-py (requirements-dev.txt) and Debian's chromium (`apt-get install chromium fonts-noto-core
fonts-liberation fonts-noto-color-emoji`).
"""

from __future__ import annotations

import argparse
import html
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

WIDTH = 960
"""CSS pixels; GitHub's own text column is about as wide."""
TALLEST = 20_000
"""CSS pixels; a page beyond it is a mistake, and chromium would need gigabytes."""
LIMIT_SECONDS = 60
FLAGS = (
    "--headless",
    "--no-sandbox",  # containers usually run as root, where chromium refuses to start with it; the page is inert
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:">
<style nonce="{nonce}">{style}</style><body>{header}<div class="box">{caption}<div class="body">{body}</div></div>
<script nonce="{nonce}">document.documentElement.dataset.height = Math.ceil(document.body.scrollHeight);</script>"""
HEIGHT = re.compile(r'<html[^>]* data-height="([0-9]+)"')
TASK = re.compile(r"^\[([ xX])\] ")


class NoPicture(Exception):
    """The picture could not be made; the message says what to do."""


def render_markdown(text: str) -> str:
    """HTML of GitHub-flavoured Markdown: CommonMark with tables, strikethrough and task lists."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = markdown.parse(text)
    for item, inline in zip(tokens, tokens[2:], strict=False):
        if item.type == "list_item_open" and inline.type == "inline" and TASK.match(inline.content):
            item.attrJoin("class", "task")
            _tick(inline)
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _tick(inline: Token) -> None:
    """Replace a leading `[ ]` or `[x]` by the box that GitHub draws."""
    first = (inline.children or [])[0]
    ticked = TASK.match(first.content)
    if ticked is None:
        return
    first.content = first.content[ticked.end() :]
    box = Token("html_inline", "", 0)
    box.content = f'<input type="checkbox" disabled{" checked" if ticked[1] != " " else ""}> '
    inline.children = [box, *(inline.children or [])]


def pill(label: str) -> str:
    """HTML and style of a label written `name=rrggbb`; without a colour it is grey."""
    name, _, colour = label.rpartition("=")
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        name, colour = label, "d1d9e0"
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    dark = red * 0.2126 + green * 0.7152 + blue * 0.0722 < 0.45 * 255
    return f'<span class="label" data-colour="{colour}" data-dark="{dark:d}">{html.escape(name)}</span>'


def label_styles(labels: list[str]) -> str:
    """Style rules for the labels' colours (the page's policy allows no style attributes)."""
    found = re.findall(r'data-colour="(\w+)" data-dark="(\d)"', "".join(map(pill, labels)))
    rule = '[data-colour="{0}"] {{ background: #{0}; color: {1}; }}'
    return "\n".join(rule.format(colour, "#fff" if dark == "1" else "#1f2328") for colour, dark in sorted(set(found)))


def build_page(text: str, *, title: str, number: int | None, labels: list[str], caption: str) -> str:
    """Build the whole HTML page: an issue when it has a title, else only the box with its caption."""
    header = ""
    if title:
        shown = f" <span>#{number}</span>" if number else ""
        row = '<span class="state">Open</span>' + "".join(map(pill, labels))
        header = f'<header><h1>{html.escape(title)}{shown}</h1><div class="row">{row}</div></header>'
    return PAGE.format(
        nonce=secrets.token_urlsafe(16),  # so that no script or style inside the Markdown is allowed
        style=Path(__file__).with_suffix(".css").read_text(encoding="utf-8") + label_styles(labels),
        header=header,
        caption=f'<div class="caption">{html.escape(caption)}</div>' if caption else "",
        body=render_markdown(text),
    )


def chromium(page: Path, *options: str) -> str:
    """Run chromium once with a profile of its own; its standard output, or `NoPicture`."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise NoPicture(
            "chromium is missing: apt-get install chromium fonts-noto-core fonts-liberation fonts-noto-color-emoji"
        )
    command = [program, *FLAGS, f"--user-data-dir={page.parent / 'profile'}", *options, page.as_uri()]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)  # noqa: S603 - no shell
    except subprocess.TimeoutExpired as slow:
        raise NoPicture(f"chromium did not finish within {LIMIT_SECONDS} s") from slow
    if done.returncode:
        raise NoPicture(f"chromium failed ({done.returncode}):\n{done.stderr[-2000:]}")
    return done.stdout


def take_picture(page_html: str, out: Path, *, width: int, scale: int) -> None:
    """Write `out`, a PNG of the page at its full height; `width` in CSS pixels, `scale` in pixels for each."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(page_html, encoding="utf-8")
        size = HEIGHT.search(chromium(page, f"--window-size={width},600", "--dump-dom"))
        if size is None or int(size[1]) > TALLEST:
            raise NoPicture(f"the page has no height up to {TALLEST} pixels; shorten the Markdown")
        shot = Path(folder) / "shot.png"
        window = f"--window-size={width},{size[1]}"
        chromium(page, window, f"--force-device-scale-factor={scale}", f"--screenshot={shot}")
        shutil.copyfile(shot, out)


def main(arguments: list[str]) -> int:
    """Run the program; 0 when the picture was written, 1 with a message when not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("markdown", type=Path, help="the Markdown file")
    parser.add_argument("png", type=Path, help="the picture to write")
    parser.add_argument("--title", default="", help="an issue's title; without it only the box is drawn")
    parser.add_argument("--number", type=int, help="the issue's number")
    parser.add_argument("--label", action="append", default=[], metavar="NAME=RRGGBB", help="a label; repeatable")
    parser.add_argument("--caption", default="", help="the grey line on top of the box")
    parser.add_argument("--width", type=int, default=WIDTH, help="CSS pixels (default %(default)s)")
    parser.add_argument("--scale", type=int, default=2, help="pixels for each CSS pixel (default %(default)s)")
    given = parser.parse_args(arguments)
    try:
        text = given.markdown.read_text(encoding="utf-8")
        page = build_page(text, title=given.title, number=given.number, labels=given.label, caption=given.caption)
        take_picture(page, given.png, width=given.width, scale=given.scale)
    except (NoPicture, OSError) as problem:
        sys.stderr.write(f"picture: {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
