"""The history of a fingerprint in the ledger: claims, counts, what its issue was told.

Every function works on the shelf of one transaction of the ledger, whose docstring names the keys.
"""

from __future__ import annotations

from dataclasses import replace

from booty.observability.alerts.alert import Occurrence, Severity
from booty.observability.alerts.filters import History, happened_at
from booty.observability.alerts.issue import Standing
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HELD, HISTORY, SECONDS, TOLD, Record, shaped
from booty.observability.ledger.problems import sentry_counts
from booty.observability.ledger.problems.sightings import digest, first_seen
from booty.observability.ledger.problems.standing import standing_in

LEVELS = {each.value: each for each in Severity}
MOST_RELEASES = 20
MOST_PAST_RELEASES = 200
MOST_NEWS_KEYS = 20
SENTRY_LAG_SECONDS = 120.0
"""How far what Sentry says of the newest event may lag behind that event."""


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
    """Return how the issue stands, or will when it was told that the problem is resolved in Sentry."""
    known = standing_in(record)
    if known.closed_at is None and "resolved_at" in record:
        return replace(known, closed_at=record["resolved_at"])
    return known


def is_new_release(record: Record, release: str | None) -> bool:
    """Say whether the problem was never seen in `release`, as far back as is remembered."""
    if not release or release in record.get("releases", {}):
        return False
    return digest(release) not in record.get("past_releases", ())


def counted(record: Record, alert: Occurrence, now: float) -> Record:
    """Return the record with one more alert counted, whatever becomes of it."""
    known = {name: value for name, value in record.items() if name != "is_resolved_in_sentry"}  # Sentry saw it again
    happened = happened_at(alert, now)
    occurred = min(alert.occurred_at.timestamp(), now) if alert.occurred_at else happened
    incident = {} if alert.incident is None else {"incident": max(alert.incident, record.get("incident", 0))}
    return {
        "first_seen": now,
        **known,
        **_with_release(record, alert.release, happened),
        **incident,
        "occurred_at": max(min(record.get("occurred_at", 0.0), now), occurred),
        "worst": _worse(alert.severity, level(record.get("worst"))),
        "count": record.get("count", 0) + 1,
        "last_seen": now,
    }


def _with_release(record: Record, release: str | None, happened: float) -> Record:
    """Return the releases, those that were left out by a short name."""
    if release is None or not is_new_release(record, release):
        return {"releases": record.get("releases", {})}
    names = [*record.get("releases", {}).items(), (release, happened)]
    left_out = [digest(name) for name, _ in names[:-MOST_RELEASES]]
    past = [*record.get("past_releases", ()), *left_out][-MOST_PAST_RELEASES:]
    return {"releases": dict(names[-MOST_RELEASES:])} | ({"past_releases": past} if past else {})


def problem_of(shelf: Shelf, fingerprint: str, now: float, *, release: str | None = None) -> Problem:
    """Return what its issue is to be told from; `release` is that of the alert which it is told of."""
    record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
    told = shaped(record.get("told"), TOLD)
    return Problem(
        issue=record.get("issue"),
        count=record.get("count", 1),
        first_seen=record.get("first_seen", now),
        last_seen=record.get("last_seen", now),
        releases=_seen_first(shelf, record.get("releases", {})),
        told_count=told.get("count", 0),
        told_releases=tuple(told.get("releases", ())),
        worst=level(record.get("worst")),
        told_severity=level(told.get("severity")),
        happened_at=record.get("happened_at"),
        seen_before=record.get("seen_before"),
        release_seen_at=first_seen(shelf, release) if release else None,
        is_awaited=record.get("is_awaited", False),
        is_back=record.get("is_back", False),
        is_muted_by_sentry=record.get("is_muted_by_sentry", False),
        title=record.get("title"),
        sentry=sentry_counts.counted_by_sentry(record),
        held=shaped(record.get("held"), HELD).get("event"),
    )


def _seen_first(shelf: Shelf, releases: Record) -> dict[str, float]:
    """Return when each release was seen first, of whatever problem, as far as that is known."""
    known = {name: seen for name, seen in releases.items() if isinstance(seen, SECONDS)}
    return {name: min(seen, first_seen(shelf, name) or seen) for name, seen in known.items()}


def is_new(record: Record, news: StatusChange) -> bool:
    """Return whether this is new: no repeat, no echo of our own change, not older than news or alerts heard."""
    is_echo = news.change == "resolved" and record.get("is_resolved_in_sentry", False)
    is_past = news.incident is not None and news.incident < record.get("incident", news.incident)
    if is_echo or is_past or news.key in record.get("news", []):
        return False
    newest = max(record.get("news_seen_at", 0.0), record.get("occurred_at", 0.0) - SENTRY_LAG_SECONDS)
    return news.last_seen is None or news.last_seen.timestamp() >= newest


def passed_over(record: Record, news: StatusChange) -> Record:
    """Return which news were heard of, with these: their replay changes nothing, however the issue stands then."""
    before = [key for key in record.get("news", []) if key != news.key]
    return {"news": [*before, news.key][-MOST_NEWS_KEYS:]}


def heard(record: Record, news: StatusChange) -> Record:
    """Return the record with news that wait to be told to the issue."""
    seen_at = news.last_seen.timestamp() if news.last_seen else 0.0
    return record | {
        **passed_over(record, news),
        "news_seen_at": max(record.get("news_seen_at", 0.0), seen_at),
        "is_resolved_in_sentry": news.change == "resolved",
        "waiting": news.model_dump(mode="json", exclude_defaults=True),
        **sentry_counts.noted(news, sentry_counts.counted_by_sentry(record)),
    }


def close(shelf: Shelf, fingerprint: str, end: Record) -> None:
    """Add how the last claim ended."""
    shelf[f"alert/{fingerprint}"] = (
        {"claimed_at": end["settled_at"]} | shaped(shelf.get(f"alert/{fingerprint}"), HISTORY) | end
    )


def level(word: object) -> Severity | None:
    """Return the severity of a stored word, None of any other."""
    return LEVELS.get(word) if isinstance(word, str) else None


def _worse(one: Severity, other: Severity | None) -> str:
    return (one if other is None or one.is_at_least(other) else other).value
