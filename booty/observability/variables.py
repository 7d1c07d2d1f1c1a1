"""The local variables of a frame, written short.

A secret is known by its name as well, at whatever depth it has one, and what is shortened here is redacted before; the
rest is done where all of an alert is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from booty.observability import bounds
from booty.observability.bounds import cut
from booty.observability.lenient import as_text
from booty.observability.redaction import judged, redact
from booty.observability.untrusted import clean

DEEPEST = 2
MOST_ITEMS = 8
"""Of a list or an object."""
ITEM = 60
"""Characters of a value within another."""
MORE = "…"


def variables(known: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return the first variables, name by value, without those that every module has."""
    own = ((name, value) for name, value in known.items() if not name.startswith("__"))
    pairs = ((cut(name, bounds.NAME), cut(_written(value), bounds.LOCAL)) for name, value in own)
    told = ((name, text) for name, text in pairs if name and text)
    return tuple(islice(told, bounds.MOST_LOCALS))


def _written(value: object, depth: int = 0) -> str:
    """Write a value: a plain one as it is, of a list or an object the first items."""
    if isinstance(value, dict | list):
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        told = _items(value, depth + 1) if depth < DEEPEST else iter([MORE] if value else [])
        return f"{opening}{', '.join(_beginning(told))}{closing}"
    text = as_text(value)
    return "null" if text is None else text


def _beginning(texts: Iterator[str]) -> Iterator[str]:
    """Yield as many as are shown, so that no more are made."""
    length = 0
    for text in texts:
        yield text
        length += len(text)
        if length > bounds.LOCAL:
            break


def _items(value: dict[str, object] | list[object], depth: int) -> Iterator[str]:
    named = value.items() if isinstance(value, dict) else ((None, each) for each in value)
    for name, each in islice(named, MOST_ITEMS):
        text = _written(each, depth)
        if name is None:
            yield _short(text)
        else:
            yield f"{_short(name)}: {_short(judged(name, text))}"
    if len(value) > MOST_ITEMS:
        yield MORE


def _short(text: str) -> str:
    """Cut a value within another; half a secret would not be known by its form any more."""
    if len(text) <= ITEM:
        return text
    safe = redact(clean(text[: bounds.LOCAL + bounds.MARGIN]))
    return safe if len(safe) <= ITEM else f"{safe[: ITEM - 1]}{MORE}"
