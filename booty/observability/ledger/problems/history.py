"""A problem's history, as the decision about an alert needs it."""

from __future__ import annotations

from dataclasses import replace

from booty.observability.alerts.filters import History
from booty.observability.alerts.issue import Standing
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.counting import is_new_release, level
from booty.observability.ledger.problems.standing import standing_in


def history_in(
    record: Record, alert: Occurrence, *, is_counted: bool, release_seen_at: float | None, now: float
) -> History | None:
    """Return what the decision about `alert` needs to know, None when its fingerprint is new.

    `is_counted`: this very event was. In `release_seen_at` (unix seconds) any problem was first seen in its release.
    """
    if "claimed_at" not in record:
        return None
    past_incident = alert.incident is not None and alert.incident < record.get("incident", alert.incident)
    return History(
        claimed_at=record["claimed_at"],
        is_owed=record.get("state") == "owed",
        newest=min(record.get("occurred_at", 0.0), now),
        worst=level(record.get("worst")),
        exceptions=record.get("exceptions", 0),
        is_counted=past_incident or is_counted,
        is_new_release=is_new_release(record, alert.release),
        release_seen_at=release_seen_at,
        is_awaited=record.get("is_awaited", False),
        standing=_standing(record),
        issue=record.get("issue"),
    )


def _standing(record: Record) -> Standing:
    """Return how the issue stands, or will once it shows that the problem is resolved in Sentry."""
    known = standing_in(record)
    if known.closed_at is None and "resolved_at" in record:
        return replace(known, closed_at=record["resolved_at"])
    return known


def close(shelf: Shelf, fingerprint: str, end: Record) -> None:
    """Add how the last claim ended."""
    shelf[f"alert/{fingerprint}"] = (
        {"claimed_at": end["settled_at"]} | shaped(shelf.get(f"alert/{fingerprint}"), HISTORY) | end
    )
