"""Text from outside, made fit for a terminal."""

from __future__ import annotations


def plain(text: str) -> str:
    """Return `text` with every character spelt out that is not simply shown."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
