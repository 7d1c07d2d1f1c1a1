"""A search for a pattern near its signs only, of which most texts have few.

A text in which the signs are many is searched as a whole: then that is the faster way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

BEFORE, AFTER = 256, 512
"""Characters around a sign in which what the pattern finds begins, and in which it is known to begin."""
FEW = 6
CASELESS = re.IGNORECASE.value
"""As a plain number: asking an enum's member for each pattern and each text is a third of the work."""

Replacement = str | Callable[[re.Match[str]], str]


def replaced(
    pattern: re.Pattern[str], replacement: Replacement, text: str, *, signs: Sequence[str], small: str = ""
) -> str:
    """Return `text` with `replacement`, as `re.sub` takes it, near `signs`.

    `small` is the text in small letters, where a pattern without case has its signs looked for.
    """
    if len(text) <= BEFORE:
        return pattern.sub(replacement, text)
    searched = small if pattern.flags & CASELESS else text
    places: list[int] = []
    for sign in signs:
        at = searched.find(sign)
        while at >= 0 and sign:
            places.append(at)
            if len(places) > FEW:
                return pattern.sub(replacement, text)
            at = searched.find(sign, at + len(sign))
    if "" in signs:
        return pattern.sub(replacement, text)
    return _replaced_near(pattern, replacement, text, sorted(places)) if places else text


def _replaced_near(pattern: re.Pattern[str], replacement: Replacement, text: str, places: Sequence[int]) -> str:
    kept: list[str] = []
    done = position = 0
    for at in places:
        position = max(position, at - BEFORE)
        while begun := pattern.search(text, position, at + AFTER):
            # The window may have cut it: from where it begins it is read as far as it goes.
            found = pattern.match(text, begun.start())
            if found is None:
                position = begun.end()
                continue
            kept += [
                text[done : found.start()],
                found.expand(replacement) if isinstance(replacement, str) else replacement(found),
            ]
            done = position = found.end()
        if at + AFTER >= len(text):
            break  # all of it was searched
    return "".join(kept) + text[done:]
