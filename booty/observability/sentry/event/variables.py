"""The local variables of a frame, written short.

A secret is known by its name as well, at whatever depth it has one, and what is shortened here is redacted before; the
rest is done where all of an alert is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from booty.observability.alerts import limits
from booty.observability.alerts.limits import cut
from booty.observability.sentry.schema.reading.plain import as_text
from booty.observability.text.named_values import named_values
from booty.observability.text.redaction import judged, redact
from booty.observability.text.untrusted import clean

DEEPEST = 2
MOST_ITEMS = 8
"""Of a list or an object."""
ITEM = 60
"""Characters of a value within another."""
ROOM = 4_000
"""Characters of such values that are looked at before they are shortened, of all the variables together."""
MORE = "…"


def variables(known: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return the first variables, name by value, without those that every module has."""
    pen = _Pen(ROOM)
    own = ((name, value) for name, value in known.items() if not name.startswith("__"))
    pairs = ((cut(name, limits.NAME), cut(pen.write(value), limits.LOCAL)) for name, value in own)
    told = ((name, text) for name, text in pairs if name and text)
    return tuple(islice(told, limits.MOST_LOCALS))


@dataclass(slots=True)
class _Pen:
    """Writes values, as long as there is `room` to look at what it shortens."""

    room: int

    def write(self, value: object, depth: int = 0) -> str:
        """Write a value: a plain one as it is, of a list or an object the first items."""
        if isinstance(value, dict | list):
            opening, closing = "{}" if isinstance(value, dict) else "[]"
            told = self._items(value, depth + 1) if depth < DEEPEST else iter([MORE] if value else [])
            return f"{opening}{', '.join(_beginning(told))}{closing}"
        text = as_text(value)
        return "null" if text is None else text

    def _items(self, value: dict[str, object] | list[object], depth: int) -> Iterator[str]:
        for key, name, each in islice(named_values(value), MOST_ITEMS):
            text = self.write(each, depth)
            if name is not None:
                text = judged(name, text)
            shown = _cut(text) if isinstance(each, dict | list) else self._short(text)
            yield shown if key is None else f"{self._short(key)}: {shown}"
        if len(value) > MOST_ITEMS:
            yield MORE

    def _short(self, text: str) -> str:
        """Cut a text without secrets: half of one would not be known by its form any more."""
        if len(text) <= ITEM:
            return text
        read = text[: limits.LOCAL]
        self.room -= len(read)
        return _cut(redact(clean(read))) if self.room >= 0 else MORE


def _beginning(texts: Iterator[str]) -> Iterator[str]:
    """Yield as many as are shown, so that no more are made."""
    length = 0
    for text in texts:
        yield text
        length += len(text)
        if length > limits.LOCAL:
            break


def _cut(text: str) -> str:
    return text if len(text) <= ITEM else f"{text[: ITEM - 1]}{MORE}"
