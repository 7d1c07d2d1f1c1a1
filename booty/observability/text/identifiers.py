"""Identifiers from outside, made fit for an issue's title, which cannot hold a code span.

What is shown is an identifier or a path as programming languages have them, in ASCII: a script without spaces, or
letters that look like others, would make sentences of it. Marks that a shell, a template or Markdown would read become
harmless ones; a text that is more than a name or a path is not shown at all, rather than in part.
"""

from __future__ import annotations

import re

from booty.observability.text.untrusted import line

LONGEST = 300
"""Characters that are looked at."""

WORD = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_.:/-]*")
LETTER = re.compile(r"[A-Za-z]")
LINK = re.compile(r"\bgh-\d|//|\w{2}:/|\bwww\.", re.IGNORECASE)  # an issue's number, as GitHub reads it, or an address

SELECTOR = re.compile(r"[-+]\[(\S+) (\S+)\]")  # Objective-C
ARGUMENTS = re.compile(r"\([^()]{0,200}\)$")
GENERICS = re.compile(r"(?<=\w)<[\w.:,*& ]{0,200}>(?!\w)|`\d{1,2}", re.ASCII)  # C++, Rust, Java; .NET
SEPARATED = re.compile(r" / ?(?=\w)")  # a signal and its code, as minidumps have them
ANGLES = re.compile(r"(?<!\w)<([\w.]{1,40})>(?!\w)", re.ASCII)  # <lambda>, <init>
INNER = re.compile(r"[$#]+(?=\w)", re.ASCII)  # Java's inner classes, Ruby's methods
SEPARATOR = re.compile(r"[./]|::")

MARK = re.compile(r"[@+$~](?=\w)", re.ASCII)  # @scope/package, +page.svelte, $id.tsx
# [slug].tsx, (group)/page.tsx, {id}, <int:id>
HOLE = re.compile(r"(?<![^/.])[\[({<]{1,2}(?:\.{3})?([\w:-]{1,60})[\])}>]{1,2}(?![^/.:])", re.ASCII)
QUERY = re.compile(r"\?[\w.=&-]{0,80}(?=:\d|$)", re.ASCII)  # what bundlers add to a file's name
FILE = re.compile(r"[A-Za-z0-9_.-]+\.[A-Za-z0-9]{1,10}(?::\d+)?")


def name(text: str | None, *, limit: int) -> str | None:
    """Return `text` as the name of a type, a function or a module, None when it is none; its end if it is too long."""
    shown = SELECTOR.sub(r"\1.\2", line(text or "", limit=LONGEST))
    shown = _bare(ARGUMENTS.sub("", shown)).lstrip("*&")
    shown = ANGLES.sub(r"\1", SEPARATED.sub("/", shown)).replace("\\", "/")
    shown = INNER.sub(".", shown).rstrip("$!?").strip(".:/-")
    while len(shown) > limit and (cut := SEPARATOR.search(shown)):
        shown = shown[cut.end() :]
    return shown if len(shown) <= limit and _is_word(shown) else None


def path(text: str | None) -> str | None:
    """Return `text` as a path, None when it is none; of a file below an odd folder the part behind that folder."""
    shown = HOLE.sub(r"_\1_", MARK.sub("_", QUERY.sub("", line(text or "", limit=LONGEST))))
    shown = re.sub(r"/{2,}", "/", shown)
    if not FILE.fullmatch(shown.rpartition("/")[2]):
        return shown if _is_word(shown) else None
    parts = shown.split("/")
    odd = max((at for at, part in enumerate(parts) if part and not WORD.fullmatch(part)), default=-1)
    shown = "/".join(parts[odd + 1 :])
    return shown if _is_word(shown) else None


def _bare(text: str) -> str:
    """Take generic parameters off, the inner ones first."""
    while (shorter := GENERICS.sub("", text)) != text:
        text = shorter
    return text


def _is_word(text: str) -> bool:
    return bool(WORD.fullmatch(text) and LETTER.search(text)) and not LINK.search(text)
