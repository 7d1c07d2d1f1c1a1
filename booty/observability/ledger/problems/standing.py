"""How an issue stands, as far as the ledger knows: open, closed, muted.

A decision about an alert leans on it, so that no request waits for the tracker. It is learned from every look at the
issue, and may be a minute old.
"""

from __future__ import annotations

from dataclasses import asdict

from booty.observability.alerts.issue import Standing
from booty.observability.ledger.engines.records import STANDING, Record, shaped


def standing_in(record: Record) -> Standing:
    """Return how the issue stands; open, when nothing else is known."""
    known = shaped(record.get("standing"), STANDING)
    return Standing(known.get("closed_at"), known.get("is_muted", False), known.get("as_of", 0.0))


def learn(record: Record, standing: Standing, *, now: float) -> Record:
    """Return the record with how the issue stands, unless a later look is known; one from the future is not."""
    if standing.as_of < standing_in(record).as_of <= now:
        return record
    # A mute that is gone is nobody's; the next one may be a person's.
    kept = {name: value for name, value in record.items() if standing.is_muted or name != "is_muted_by_sentry"}
    return kept | {"standing": asdict(standing)}
