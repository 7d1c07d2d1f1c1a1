"""What of an alert is kept: a record in which every text is safe.

Nothing goes to disk but through here, so that a copy of the ledger, its write-ahead log included, gives nothing away.
The walk is over whatever texts a record holds: a new field is covered without being named here.

How much is looked at is bounded for the record as a whole, whoever wrote it, because Sentry waits for it. The room is
given out in the order in which a reader misses things; a text that finds none left is replaced by `LEFT_OUT`.
"""

from __future__ import annotations

from booty.observability.alerts.alert import Alert, Frame
from booty.observability.alerts.keeping.calls import call_of
from booty.observability.alerts.keeping.lines import redact_lines, with_lines
from booty.observability.alerts.keeping.safe import LEFT_OUT, MOST_OF_ROOM, cost_in, cost_of, made, make
from booty.observability.alerts.keeping.walk import Record, in_order, texts_in

ROOM = 20_000
"""Characters that are looked at of one record; real alerts have a tenth of it."""
STUB = (Frame(),)
"""Holds the place of a stack among the fields of a record."""


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
    for holder, place, field, text, name in in_order(record):
        told = (text, field, name)
        if told not in known:
            known[told] = made(text, field, name, is_masked) if room > 0 else LEFT_OUT
            room -= min(cost_of(text), MOST_OF_ROOM)
        holder[place] = known[told]
    return record


def kept_alert(alert: Alert, *, is_masked: bool = True) -> Record:
    """Return what `kept` makes of an alert's record, to be written as it is: its calls are JSON already."""
    raised = tuple([each.but(frames=()) for each in alert.raised])
    record = alert.but(raised=raised, stack=STUB if alert.stack else ()).record()
    texts = texts_in(record)
    room = ROOM - cost_in(texts)
    stacks = []
    for frames in (alert.stack, *[each.frames for each in alert.raised]):
        calls = [call_of(frame, is_masked=is_masked) for frame in frames]
        stacks.append(calls)
        room -= sum([call.cost for call in calls])
        if room < 0:
            return kept(alert.record(), is_masked=is_masked)
    make(texts, is_masked=is_masked)
    holders = ((record, "stack"), *((each, "frames") for each in record.get("raised", ())))
    for (holder, field), calls in zip(holders, stacks, strict=True):
        if calls:
            holder[field] = [call.kept(is_masked=is_masked) for call in calls]
    return record
