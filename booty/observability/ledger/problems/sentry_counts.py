"""Sentry's own counts of a problem, as its issue webhooks bring them; kept in the problem's history.

Alert rules pass on some of the events that Sentry has, so that our own count is a smaller one.
"""

from __future__ import annotations

from booty.observability.alerts.problem import SentryCount
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.records import SENTRY, Record, shaped


def noted(change: StatusChange, known: SentryCount | None = None) -> Record:
    """Return what a history keeps of the counts in `change`, and of when the problem began, if that is told.

    Of counts nothing, if it brings none, or no more than are known.
    """
    began = {"began_at": change.first_seen.timestamp()} if change.first_seen else {}
    if change.events is None or (known is not None and change.events <= known.events):
        return began
    at = {"at": change.last_seen.timestamp()} if change.last_seen else {}
    users = {} if change.users is None else {"users": change.users}
    return began | {"sentry": {"events": change.events, **users, **at}}


def counted_by_sentry(history: Record) -> SentryCount | None:
    """Return the newest counts in a history."""
    known = shaped(history.get("sentry"), SENTRY)
    return SentryCount(known["events"], known.get("users"), known.get("at")) if "events" in known else None
