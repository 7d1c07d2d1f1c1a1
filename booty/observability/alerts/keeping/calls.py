"""What is kept of one call of a stack, as JSON: the alerts of one program share most of theirs."""

from __future__ import annotations

from msgspec import Raw, Struct, json

from booty.observability.alerts.alert import Frame
from booty.observability.alerts.keeping.lines import redact_lines
from booty.observability.alerts.keeping.remembered import Remembered
from booty.observability.alerts.keeping.safe import cost_in, make
from booty.observability.alerts.keeping.walk import Record, Text, has_lines, texts_in

ROOM, ENTRY = 400_000, 700
"""Bytes for the calls that are remembered, and what one takes beside its texts, which are there twice."""
_written = json.Encoder().encode


class Call(Struct, gc=False):
    """A call, its lines redacted already: what it costs to look at all its texts, and its JSON once they were."""

    frame: Frame
    cost: int
    record: Record
    texts: list[Text]
    json: Raw | None = None

    def kept(self, *, is_masked: bool) -> Raw:
        """Return its JSON, in which every text is safe; from then on it is remembered."""
        if self.json is None:
            make(self.texts, is_masked=is_masked)
            written = _written(self.record)
            self.record, self.texts, self.json = {}, [], Raw(written)
            _known[is_masked].keep(self.frame, self, ENTRY + 2 * len(written))
        return self.json


_known = {is_masked: Remembered[Frame, Call](ROOM) for is_masked in (True, False)}


def call_of(frame: Frame, *, is_masked: bool) -> Call:
    """Return a call to be kept; `is_masked`: without personal data."""
    return _known[is_masked].get(frame) or _call(frame)


def _call(frame: Frame) -> Call:
    record = frame.record()
    cost = redact_lines(record) if has_lines(record) else 0
    texts = texts_in(record)
    return Call(frame, cost + cost_in(texts), record, texts)
