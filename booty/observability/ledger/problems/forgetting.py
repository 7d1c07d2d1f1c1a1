"""What has had its use is forgotten."""

from __future__ import annotations

from itertools import islice

from booty.observability.ledger.engines.engine import LAST, Ranges, Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.journal import lines, turned_away
from booty.observability.ledger.problems.aliases import names_of
from booty.observability.ledger.problems.event_ids import books_of
from booty.observability.ledger.problems.sightings import EXPIRE, forget_sightings
from booty.observability.ledger.repositories.names import AT, issue_key, mark_in
from booty.observability.ledger.schedule.gates import GATE_KEY, TOKENS, sweep

FORGET = "forget/"
AT_ONCE = 200
"""How many histories one transaction forgets, so that no claim waits long for it."""


USELESS: Ranges = (
    (turned_away.PREFIX, "", LAST),
    (f"{GATE_KEY}{AT}", "", LAST),
    (TOKENS, "", LAST),
    (FORGET, "", LAST),
    (EXPIRE, "", LAST),
)
"""Where is looked for what has had its use."""


def forget_all(shelf: Shelf, *, now: float, keep_seconds: float) -> int:
    """Forget lines of the journal, what was turned away, gates, histories; return how many keys of those went."""
    lines.sweep(shelf, now=now)
    turned_away.trim(shelf, now=now)
    sweep(shelf, now)
    return forget(shelf, now=now, keep_seconds=keep_seconds)


def forget(shelf: Shelf, *, now: float, keep_seconds: float) -> int:
    """Forget what is due to be forgotten at `now` (unix seconds), `AT_ONCE` at most; return how many keys went."""
    keys = list(islice(shelf.under(FORGET, until=sortable(now)), AT_ONCE))
    names = list(dict.fromkeys(key.split("/")[-1] for key in keys))
    known = shelf.many([f"alert/{name}" for name in names])  # together: each one alone may cross a network
    records = {name: shaped(known.get(f"alert/{name}"), HISTORY) for name in names}
    useless = {name: record for name, record in records.items() if record.get("forget_at", now) < now}
    shelf.many([*keys, *(key for name, record in useless.items() for key in _belongings(name, record))])
    for key in keys:
        shelf.drop(key)
    for name, record in useless.items():
        for key in (f"alert/{name}", *_belongings(name, record)):
            if key in shelf:
                del shelf[key]
    return len(keys) + forget_sightings(shelf, now=now, keep_seconds=keep_seconds, most=AT_ONCE - len(keys))


def _belongings(name: str, record: Record) -> tuple[str, ...]:
    """Return the keys beside its own that a problem may have."""
    return (issue_key(mark_in(name), record.get("issue")), *names_of(record), *books_of(name))
