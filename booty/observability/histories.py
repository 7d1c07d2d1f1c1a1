"""The history of a fingerprint in the ledger: claims, counts, what its issue was told.

Every function works on the shelf of one transaction of the ledger, whose docstring names the keys.
"""

from __future__ import annotations

from booty.observability.alert import Occurrence
from booty.observability.filters import History
from booty.observability.life import Life
from booty.observability.news import News
from booty.observability.records import HISTORY, TOLD, Record, shaped
from booty.observability.shelf import JsonShelf

MOST_RELEASES = 20
MOST_NEWS_KEYS = 20
SENTRY_LAG_SECONDS = 120.0
"""How far what Sentry says of the newest event may lag behind that event."""


def history_in(record: Record) -> History | None:
    """Return what the decision about an alert needs to know, None when its fingerprint is new."""
    if "claimed_at" not in record:
        return None
    return History(claimed_at=record["claimed_at"], is_owed=record.get("state") == "owed")


def counted(record: Record, alert: Occurrence, now: float) -> Record:
    """Return the record with one more alert counted, whatever becomes of it."""
    releases = record.get("releases", {})
    if alert.release and alert.release not in releases:
        releases = dict([*releases.items(), (alert.release, now)][-MOST_RELEASES:])
    occurred_at = alert.occurred_at.timestamp() if alert.occurred_at else 0.0
    known = {name: value for name, value in record.items() if name != "is_resolved_in_sentry"}  # Sentry saw it again
    return {
        "first_seen": now,
        **known,
        "occurred_at": max(record.get("occurred_at", 0.0), occurred_at),
        "count": record.get("count", 0) + 1,
        "last_seen": now,
        "releases": releases,
    }


def life_of(shelf: JsonShelf, fingerprint: str, now: float) -> Life:
    """Return what its issue is to be told from."""
    record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
    told = shaped(record.get("told"), TOLD)
    return Life(
        issue=record.get("issue"),
        count=record.get("count", 1),
        first_seen=record.get("first_seen", now),
        last_seen=record.get("last_seen", now),
        releases=record.get("releases", {}),
        told_count=told.get("count", 0),
        told_releases=tuple(told.get("releases", ())),
    )


def is_new(record: Record, news: News) -> bool:
    """Say whether the news are neither a repetition, nor our own doing's echo, nor older than news or alerts heard."""
    is_echo = news.change == "resolved" and record.get("is_resolved_in_sentry", False)
    if is_echo or news.key in record.get("news", []):
        return False
    newest = max(record.get("news_seen_at", 0.0), record.get("occurred_at", 0.0) - SENTRY_LAG_SECONDS)
    return news.last_seen is None or news.last_seen.timestamp() >= newest


def heard(record: Record, news: News) -> Record:
    """Return the record with news that wait to be told to the issue."""
    seen_at = news.last_seen.timestamp() if news.last_seen else 0.0
    return record | {
        "news": [*record.get("news", []), news.key][-MOST_NEWS_KEYS:],
        "news_seen_at": max(record.get("news_seen_at", 0.0), seen_at),
        "is_resolved_in_sentry": news.change == "resolved",
        "waiting": news.model_dump(mode="json", exclude_defaults=True),
    }


def close(shelf: JsonShelf, fingerprint: str, end: Record) -> None:
    """Add how the last claim ended."""
    shelf[f"alert/{fingerprint}"] = (
        {"claimed_at": end["settled_at"]} | shaped(shelf.get(f"alert/{fingerprint}"), HISTORY) | end
    )
