"""How many events and users of a problem Sentry counted, as its issue webhooks say; kept in the history of the problem.

Alert rules pass on some of the events that Sentry has, so that our own count is a smaller one.
"""

from __future__ import annotations

from booty.observability.alerts.problem import SentryCount
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.records import SENTRY, Record, shaped


def noted(news: StatusChange, known: SentryCount | None = None) -> Record:
    """Return what a history keeps of the counts in `news`; nothing where they bring none, or no more than are known."""
    if news.events is None or (known is not None and news.events <= known.events):
        return {}
    at = {"at": news.last_seen.timestamp()} if news.last_seen else {}
    users = {} if news.users is None else {"users": news.users}
    return {"sentry": {"events": news.events, **users, **at}}


def counted_by_sentry(history: Record) -> SentryCount | None:
    """Return the newest counts in a history."""
    known = shaped(history.get("sentry"), SENTRY)
    return SentryCount(known["events"], known.get("users"), known.get("at")) if "events" in known else None
