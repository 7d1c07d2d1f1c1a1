"""Untrusted text, made fit to publish in Markdown.

It leaves here as a code span or a fence, in which GitHub renders no markup, links nothing and notifies nobody; only a
title cannot hold those, and gets `identifiers`. The order is fixed: clean, redact, then cut. A secret that invisible
characters hide, or that a cut would halve, could escape the patterns otherwise.

The grammar is CommonMark (https://spec.commonmark.org/0.31.2/#code-spans) as GitHub extends it. GitHub's parser has
limits that the grammar does not: it closes no code span of more than 80 backticks, and keeps the length of a fence in
one byte. So no run of either fence character leaves here that could come near them.
"""

from __future__ import annotations

import re

from booty.observability.text.redaction import redact

EMPTY = "(empty)"
MARGIN = 1_500
"""Characters read beyond what is shown: room for what cleaning and redacting take away."""
TORN = 64
"""Characters given up where reading stopped, so that no half of a secret is left at the end."""

LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters except tab, line feed and those of a terminal's sequences; what Unicode calls ignorable in display
# (soft hyphens, joiners, bidi controls, fillers, variation selectors, tags); surrogates, which UTF-8 cannot carry.
INVISIBLE = re.compile(
    "[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9a\x9c-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"  # colours, cursor
    r"|\x1b[\]PX^_](?:[^\x07\x1b\n]{0,400}+(?:\x07|\x1b\\))?"  # titles, links; their end may be lost
    r"|\x1b[ -/]{0,4}[0-Z\\^-~]?|[\x07\x9b]"
)
ACCENT = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
STACKED = re.compile(f"({ACCENT}{{4}}){ACCENT}++")  # more would grow over the lines above
TICKS = re.compile(r"`+")
# At the start of a block, "[`a]: b`](https://…)" would define a reference, and show nothing of it
# (https://spec.commonmark.org/0.31.2/#link-reference-definitions).
LABEL_END = re.compile(r"\A((?:[^\[\]\\]|\\.){0,999}\]):")
LONG_RUN = re.compile(r"(([`~])\2{7})\2+")


def clean(text: str) -> str:
    """Return `text` with line feeds as its only line ends, and without anything that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    text = INVISIBLE.sub("", LINE_ENDS.sub("\n", text))
    return STACKED.sub(r"\1", TERMINAL.sub("", text))


def line(text: str, *, limit: int) -> str:
    """Return `text` cleaned, redacted and on one line of at most `limit` characters; only for use inside a fence."""
    shown = _calm(redact(" ".join(_read(text, limit).split())))
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def code(text: str, *, limit: int = 200) -> str:
    """Return `text` as a code span of one line with at most `limit` characters of it; the span is never empty."""
    shown = LABEL_END.sub(r"\1 :", line(text, limit=limit), count=1) or EMPTY
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fence(text: str, *, limit: int, lines: int = 40) -> str:
    """Return `text` as a fenced block: at most `limit` characters, at most `lines` lines, and a count of the rest."""
    whole = _calm(redact(_read(text, limit))).strip("\n").rstrip()
    shown = "\n".join(whole[:limit].split("\n")[:lines]).rstrip()
    left_out = len(whole) - len(shown) + _unread(text, limit)
    body = f"{shown}\n… {left_out:,} more characters" if left_out else shown or EMPTY
    ticks = "`" * max(3, _longest_run(body) + 1)
    return f"{ticks}\n{body}\n{ticks}"


def _read(text: str, limit: int) -> str:
    """Clean as much of `text` as may be shown of it."""
    return clean(text[: len(text) - _unread(text, limit)])


def _unread(text: str, limit: int) -> int:
    most = limit + MARGIN
    return len(text) - most + TORN if len(text) > most else 0


def _calm(text: str) -> str:
    """Shorten long runs of fence characters, visibly."""
    return LONG_RUN.sub(r"\1…", text)


def _longest_run(text: str) -> int:
    return max(map(len, TICKS.findall(text)), default=0)
