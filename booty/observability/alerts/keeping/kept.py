"""What of an alert is kept: a record in which every text is safe.

Nothing goes to disk but through here, so that a copy of the ledger, its write-ahead log included, gives nothing away.
The walk is over whatever texts a record holds: a new field is covered without being named here.

How much is looked at is bounded for the record as a whole, whoever wrote it, because Sentry waits for it. The room is
given out in the order in which a reader misses things; a text that finds none left is replaced by `LEFT_OUT`.
"""

from __future__ import annotations

from collections.abc import Iterator

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.keeping import parts
from booty.observability.alerts.keeping.lines import redact_lines, with_lines
from booty.observability.alerts.keeping.parts import Part
from booty.observability.alerts.keeping.safe import LEFT_OUT, MOST_OF_ROOM, cost_in, cost_of, make
from booty.observability.alerts.keeping.walk import Record, in_order, texts_in

ROOM = 20_000
"""Characters that are looked at of one record; real alerts have a tenth of it."""
PAIRS = ("details", "contexts", "tags")
WITHOUT_LISTS: dict[str, tuple[()]] = dict.fromkeys(("stack", *PAIRS), ())


def kept(record: Record, *, is_masked: bool = True) -> Record:
    """Return `record`, an alert's or a status change's as JSON, as it may be kept; it is changed in place.

    `is_masked`: without personal data.
    """
    room = ROOM
    for frame in with_lines(record):
        room -= redact_lines(frame)
    texts = texts_in(record)
    if cost_in(texts) <= room:  # then the order does not matter, and takes time
        make(texts, is_masked=is_masked)
        return record
    known: dict[tuple[str, str, str | None], str] = {}
    for each in in_order(record):
        holder, place, field, text, name = each
        told = (text, field, name)
        if told not in known:
            if room > 0:
                make([each], is_masked=is_masked)
            known[told] = holder[place] if room > 0 else LEFT_OUT
            room -= min(cost_of(text), MOST_OF_ROOM)
        holder[place] = known[told]
    return record


def kept_alert(alert: Alert, *, is_masked: bool = True) -> Record:
    """Return what `kept` makes of an alert's record, to be written as it is: its calls are JSON already."""
    raised = tuple([each.but(frames=()) for each in alert.raised])
    record = alert.but(raised=raised, **WITHOUT_LISTS).record()
    texts = texts_in(record)
    room = ROOM - cost_in(texts)
    lists = []
    for holder, field, told in _lists(alert, record, is_masked=is_masked):
        lists.append((holder, field, told))
        room -= sum([part.cost for part in told])
        if room < 0:
            return kept(alert.record(), is_masked=is_masked)
    make(texts, is_masked=is_masked)
    for holder, field, told in lists:
        holder[field] = parts.kept(told, is_masked=is_masked)
    return record


def _lists(alert: Alert, record: Record, *, is_masked: bool) -> Iterator[tuple[Record, str, list[Part]]]:
    """Yield where each list goes, and its parts, made one list after the other: the first ones may be too much."""
    for holder, raised in zip(record.get("raised", ()), alert.raised, strict=True):
        if raised.frames:
            yield holder, "frames", parts.calls(raised.frames, is_masked=is_masked)
    if alert.stack:
        yield record, "stack", parts.calls(alert.stack, is_masked=is_masked)
    for field in PAIRS:
        if told := getattr(alert, field):
            yield record, field, parts.pairs(told, field=field, is_masked=is_masked)
