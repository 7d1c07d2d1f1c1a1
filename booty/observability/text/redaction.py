"""Text without the secrets in it: each is replaced by `[redacted]`, with its kind where its form shows it.

It is not an entropy guess: a git SHA, a UUID or a hash is what a reader needs, and stays. A secret is known by its own
form (`secrets.signed`, `secrets.shapes`) or by where it is: in a URL or a header (`secrets.places`), beside a
telling name (`secrets.pairs`). Source code that only names a secret (`password = form["password"]`, `token: str`)
stays as it is.

Redacting twice gives the same text as redacting once. All patterns are linear, as `secrets.shapes` explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from booty.observability.text.secrets.names import judge
from booty.observability.text.secrets.paired import secret_of
from booty.observability.text.secrets.pairs import lowered, pair_after
from booty.observability.text.secrets.places import places_in
from booty.observability.text.secrets.search import CASELESS, replaced
from booty.observability.text.secrets.shapes import BLOCKS, Shape, shapes_in
from booty.observability.text.secrets.signed import RUN, signed
from booty.observability.text.secrets.values import is_harmless

LIMIT = 12_000
"""Characters; what lies beyond is dropped, so that no input costs more than some milliseconds."""
PASSES = 3
"""A second pass finds what was glued to a secret (two keys without a space); the last one should change nothing."""
ESCAPE, LINE = r"\n", "\n\v"
"""A line's end as it is written in one line; and what replaces it while it counts as one, which no text has."""
ESCAPED = re.compile(r"[:>|\w\"'-][^\S\n]?(?:\\r)?\\n")


def redact(text: str) -> str:
    """Return `text`, at most its first `LIMIT` characters, with `[redacted]` for every secret that is recognised."""
    text = text[:LIMIT]
    for _ in range(PASSES):
        before, text = text, _mask_pairs(_mask_places(_mask_forms(text)))
        if text == before:
            break
    return _mask_over_escapes(text) if ESCAPE in text and ESCAPED.search(text) else text


def _mask_over_escapes(text: str) -> str:
    """Mask what is known only over the end of a line, where lines end in an escape, as in the `repr` of a text."""
    return _mask_pairs(text.replace(ESCAPE, LINE)).replace(LINE, ESCAPE)


def redact_value(name: str, value: str) -> str:
    """Return `value` without secrets; nothing of it is left where `name`, known to be its name, is that of a secret."""
    return redact(judged(name, value))


def judged(name: str, value: str) -> str:
    """Return `value`, not redacted yet, unless `name`, known to be its name, is that of a secret."""
    return value if is_harmless(value, judge(name)) else "[redacted]"


def _mask_forms(text: str) -> str:
    text = _mask_shapes(BLOCKS, text)
    if not (runs := RUN.findall(text)):
        return text
    text = _mask_signed(text, "\n".join(runs))
    return _mask_shapes(shapes_in(text, max(map(len, runs))), text)


def _mask_shapes(shapes: Iterable[Shape], text: str) -> str:
    for shape in shapes:
        for sign in shape.hints:  # of most texts none occurs, and a call for each shape would take most of the time
            if sign in text:
                text = replaced(shape.pattern, f"[redacted {shape.kind}]", text, signs=shape.hints)
                break
    return text


def _mask_signed(text: str, runs: str) -> str:
    kept: list[str] = []
    position = 0
    for start, end, kind in signed(text, runs):
        kept += [text[position:start], f"[redacted {kind}]"]
        position = end
    return "".join(kept) + text[position:]


def _mask_places(text: str) -> str:
    small = lowered(text)
    for place in places_in(text, small):
        searched = small if place.pattern.flags & CASELESS else text
        for sign in place.hints:  # as above
            if sign in searched:
                before, text = text, replaced(place.pattern, place.masked, text, signs=place.hints, small=small)
                small = small if text is before else lowered(text)
                break
    return text


def _mask_pairs(text: str) -> str:
    """Mask the value beside every telling name; each search goes on where the last one ended."""
    small = lowered(text)
    kept: list[str] = []
    position = 0
    while found := pair_after(text, small, position):
        pair, further = found
        start, end = (pair and secret_of(pair, text)) or (further, further)
        kept += [text[position:start], "[redacted]" if end > start else ""]
        position = end
    return "".join(kept) + text[position:]
