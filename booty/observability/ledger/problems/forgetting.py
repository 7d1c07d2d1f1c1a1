"""Histories are forgotten once they have had their use."""

from __future__ import annotations

from itertools import islice

from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, shaped
from booty.observability.ledger.problems.aliases import forget_names
from booty.observability.ledger.problems.event_ids import forget_events
from booty.observability.ledger.problems.sightings import forget_sightings
from booty.observability.ledger.repositories.names import issue_key, mark_in

AT_ONCE = 200
"""How many histories one transaction forgets, so that no claim waits long for it."""


def forget(shelf: Shelf, *, now: float, keep_seconds: float) -> int:
    """Forget what is due to be forgotten at `now` (unix seconds), `AT_ONCE` at most; return how many keys went."""
    keys = list(islice(shelf.under("forget/", until=sortable(now)), AT_ONCE))
    for key in keys:
        del shelf[key]
        _forget(shelf, key.split("/")[-1], now)
    return len(keys) + forget_sightings(shelf, now=now, keep_seconds=keep_seconds, most=AT_ONCE - len(keys))


def _forget(shelf: Shelf, fingerprint: str, now: float) -> None:
    """Forget the problem, unless it has been of use since."""
    record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
    if record.get("forget_at", now) < now:
        del shelf[f"alert/{fingerprint}"]
        shelf.pop(issue_key(mark_in(fingerprint), record.get("issue")), None)
        forget_names(shelf, record)
        forget_events(shelf, fingerprint)
