"""Quantities in words, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.text.untrusted import code

PATH_LIMIT = 80


def visible(path: str) -> str:
    """Return a path with whatever cannot be seen, or turns the text around, written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in path)


def names(paths: Sequence[str], *, limit: int) -> str:
    """List paths, which are untrusted, as code spans; the first `limit` of them."""
    shown = ", ".join(code(visible(path), limit=PATH_LIMIT) for path in paths[:limit])
    return shown + (f" and {len(paths) - limit} more" if len(paths) > limit else "")


def more(things: Sequence[object], *, limit: int) -> str:
    """Return the list item for what is left out, "" when nothing is."""
    return f"- and {len(things) - limit} more\n" if len(things) > limit else ""


def count(things: Sequence[object], noun: str) -> str:
    """Return how many there are of what `noun` names."""
    return number(len(things), noun)


def number(amount: int, noun: str) -> str:
    """Return the amount of what `noun` names."""
    return f"{amount} {noun}{'' if amount == 1 else 's'}"
