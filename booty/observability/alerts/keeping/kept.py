"""What of an alert is kept: a record in which every text is safe.

Nothing goes to disk but through here, so that a copy of the ledger, its write-ahead log included, gives nothing away.
The walk is over whatever texts a record holds: a new field is covered without being named here.

How much is looked at is bounded for the record as a whole, whoever wrote it, because Sentry waits for it. The room is
given out in the order in which a reader misses things; a text that finds none left is replaced by `LEFT_OUT`.
"""

from __future__ import annotations

from booty.observability.alerts.keeping.lines import redact_lines, with_lines
from booty.observability.alerts.keeping.safe import LEFT_OUT, MOST_OF_ROOM, cost_of, made
from booty.observability.alerts.keeping.walk import Record, in_order, texts_in

ROOM = 20_000
"""Characters that are looked at of one record; real alerts have a tenth of it."""


def kept(record: Record, *, is_masked: bool = True) -> Record:
    """Return `record`, an alert's or a status change's as JSON, as it may be kept; it is changed in place.

    `is_masked`: without personal data.
    """
    room = ROOM
    for frame in with_lines(record):
        room -= redact_lines(frame)
    texts = texts_in(record)
    if cost_of(*[text for _, _, _, text, _ in texts]) <= room:  # then the order does not matter, and takes time
        for holder, place, field, text, name in texts:
            holder[place] = made(text, field, name, is_masked)
        return record
    known: dict[tuple[str, str, str | None], str] = {}
    for holder, place, field, text, name in in_order(record):
        told = (text, field, name)
        if told not in known:
            known[told] = made(text, field, name, is_masked) if room > 0 else LEFT_OUT
            room -= min(cost_of(text), MOST_OF_ROOM)
        holder[place] = known[told]
    return record
