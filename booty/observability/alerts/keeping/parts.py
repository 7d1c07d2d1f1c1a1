"""What is kept of the parts of an alert, item by item: the alerts of one program share most of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from msgspec import Raw, Struct, json

from booty.observability.alerts.alert import Frame
from booty.observability.alerts.keeping.lines import redact_lines
from booty.observability.alerts.keeping.remembered import Remembered
from booty.observability.alerts.keeping.safe import cost_in, cost_of, make
from booty.observability.alerts.keeping.walk import Text, has_lines, texts_in

ROOM, ROOM_OF_CALLS, ENTRY = 200_000, 400_000, 700
"""Bytes for the parts that are remembered, for the calls among them, and what one takes beside its texts."""
_written = json.Encoder().encode


class Part(Struct, gc=False):
    """A part, its lines redacted already: what it costs to look at all its texts, and its record, safe once they were.

    A call's is JSON then.
    """

    what: Hashable
    cost: int
    record: Any
    texts: list[Text] | None


Known = Remembered[Hashable, Part]
_calls = {is_masked: Known(ROOM_OF_CALLS) for is_masked in (True, False)}
_others = {is_masked: Known(ROOM) for is_masked in (True, False)}


def calls(frames: Iterable[Frame], *, is_masked: bool) -> list[Part]:
    """Return calls to be kept; `is_masked`: without personal data."""
    known = _calls[is_masked]
    return [known.get(frame) or _call(frame) for frame in frames]


def pairs(told: Iterable[tuple[str, str]], *, field: str, is_masked: bool) -> list[Part]:
    """Return pairs of a name with its value to be kept, those in `field`."""
    known = _others[is_masked]
    return [known.get((field, pair)) or _pair(pair, field) for pair in told]


def kept(parts: Iterable[Part], *, is_masked: bool) -> list[Any]:
    """Return the parts' records, in which every text is safe; from then on they are remembered."""
    return [part.record if part.texts is None else _kept(part, part.texts, is_masked=is_masked) for part in parts]


def _kept(part: Part, texts: list[Text], *, is_masked: bool) -> Any:  # noqa: ANN401 - any JSON
    make(texts, is_masked=is_masked)
    part.texts = None
    if is_call := isinstance(part.what, Frame):
        part.record = Raw(_written(part.record))
    (_calls if is_call else _others)[is_masked].keep(part.what, part, ENTRY + 2 * part.cost)
    return part.record


def _call(frame: Frame) -> Part:
    record = frame.record()
    cost = redact_lines(record) if has_lines(record) else 0
    texts = texts_in(record)
    return Part(frame, cost + cost_in(texts), record, texts)


def _pair(pair: tuple[str, str], field: str) -> Part:
    record = list(pair)
    texts: list[Text] = [(record, 0, field, pair[0], None), (record, 1, field, pair[1], pair[0])]
    return Part((field, pair), cost_of(*pair), record, texts)
