"""The status changes that came for a problem: which are known, which waits for the issue.

The functions work on the history that the ledger keeps under `alert/<fingerprint>`.
"""

from __future__ import annotations

from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.problems.sentry_counts import counted_by_sentry, noted

MOST_KEYS = 20
SENTRY_LAG_SECONDS = 120.0
"""How far what Sentry says of the newest event may lag behind that event."""


def is_new(record: Record, change: StatusChange) -> bool:
    """Return whether this is new: no repeat, no echo of our own change, not older than what came before."""
    is_echo = change.change == "resolved" and record.get("is_resolved_in_sentry", False)
    is_past = change.incident is not None and change.incident < record.get("incident", change.incident)
    if is_echo or is_past or change.key in record.get("news", []):
        return False
    newest = max(record.get("news_seen_at", 0.0), record.get("occurred_at", 0.0) - SENTRY_LAG_SECONDS)
    return change.last_seen is None or change.last_seen.timestamp() >= newest


def passed_over(record: Record, change: StatusChange) -> Record:
    """Return which changes came so far, with this one: its replay changes nothing, however the issue stands then."""
    before = [key for key in record.get("news", []) if key != change.key]
    return {"news": [*before, change.key][-MOST_KEYS:]}


def waiting(record: Record, change: StatusChange) -> Record:
    """Return the record with a change that waits for the issue to show it."""
    seen_at = change.last_seen.timestamp() if change.last_seen else 0.0
    return record | {
        **passed_over(record, change),
        "news_seen_at": max(record.get("news_seen_at", 0.0), seen_at),
        "is_resolved_in_sentry": change.change == "resolved",
        "waiting": change.record(),
        **noted(change, counted_by_sentry(record)),
    }
