"""What a problem's record counts: its alerts, the releases that they came from, the worst level.

The functions work on the history that the ledger keeps under `alert/<fingerprint>`.
"""

from __future__ import annotations

from booty.observability.alerts.filters import DAY_SECONDS, happened_at
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.problems.sightings import digest

LEVELS = {each.value: each for each in Severity}
MOST_RELEASES = 20
MOST_PAST_RELEASES = 200


def counted(record: Record, alert: Occurrence, now: float) -> Record:
    """Return the record with one more alert counted, whatever becomes of it."""
    happened = happened_at(alert, now)
    began_at = alert.occurred_at if alert.kind == "metric" else None
    occurred = min(began_at.timestamp(), now) if began_at else happened
    known = record | {"first_seen": _earliest(record.get("first_seen", now), now)}
    known.pop("is_resolved_in_sentry", None)  # Sentry saw it again
    if alert.incident is not None:
        known["incident"] = max(alert.incident, record.get("incident", 0))
    known |= _with_release(record, alert.release, happened)
    return known | {
        "occurred_at": max(min(record.get("occurred_at", 0.0), now), occurred),
        "worst": _worse(alert.severity, level(record.get("worst"))),
        "count": record.get("count", 0) + 1,
        "last_seen": _latest(record.get("last_seen", now), now),
    }


def _earliest(first_seen: float, now: float) -> float:
    """Return the earlier one, as `_latest` does the later."""
    return now if now < first_seen < now + DAY_SECONDS else first_seen


def _latest(last_seen: float, now: float) -> float:
    """Return the later one, for what waited in a spool comes late; more than a day is a clock that was set back."""
    return last_seen if now < last_seen < now + DAY_SECONDS else now


def is_new_release(record: Record, release: str | None) -> bool:
    """Return whether the problem was never seen in `release`, as far back as is remembered."""
    if not release or release in record.get("releases", {}):
        return False
    past = record.get("past_releases", ())
    return not past or digest(release) not in past


def _with_release(record: Record, release: str | None, happened: float) -> Record:
    """Return the releases, those that were left out by a short name."""
    known = record.get("releases", {})
    if release is None or not is_new_release(record, release):
        return {"releases": known}
    if len(known) < MOST_RELEASES:
        return {"releases": known | {release: happened}}
    names = [*known.items(), (release, happened)]
    left_out = [digest(name) for name, _ in names[:-MOST_RELEASES]]
    past = [*record.get("past_releases", ()), *left_out][-MOST_PAST_RELEASES:]
    return {"releases": dict(names[-MOST_RELEASES:])} | ({"past_releases": past} if past else {})


def level(word: object) -> Severity | None:
    """Return the severity of a stored word, None of any other."""
    return LEVELS.get(word) if isinstance(word, str) else None


def _worse(one: Severity, other: Severity | None) -> str:
    return (one if other is None or one.is_at_least(other) else other).value
