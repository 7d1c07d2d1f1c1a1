"""A problem as its issue is to be written from: what its record holds, put into words of our own."""

from __future__ import annotations

from booty.observability.alerts.problem import Problem
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HELD, HISTORY, SECONDS, TOLD, Record, shaped
from booty.observability.ledger.problems.counting import level
from booty.observability.ledger.problems.sentry_counts import counted_by_sentry
from booty.observability.ledger.problems.sightings import first_seen


def problem_of(shelf: Shelf, fingerprint: str, now: float, *, release: str | None = None) -> Problem:
    """Return the problem called `fingerprint`; `release` is that of the alert that its issue is about to show."""
    record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
    reported = shaped(record.get("told"), TOLD)
    return Problem(
        issue=record.get("issue"),
        count=record.get("count", 1),
        first_seen=record.get("first_seen", now),
        last_seen=record.get("last_seen", now),
        releases=_seen_first(shelf, record.get("releases", {})),
        told_count=reported.get("count", 0),
        told_releases=tuple(reported.get("releases", ())),
        worst=level(record.get("worst")),
        told_severity=level(reported.get("severity")),
        happened_at=record.get("happened_at"),
        seen_before=record.get("seen_before"),
        release_seen_at=first_seen(shelf, release) if release else None,
        is_awaited=record.get("is_awaited", False),
        is_back=record.get("is_back", False),
        is_muted_by_sentry=record.get("is_muted_by_sentry", False),
        title=record.get("title"),
        sentry=counted_by_sentry(record),
        held=shaped(record.get("held"), HELD).get("event"),
        began_at=record.get("began_at"),
        protected=record.get("protected"),
    )


def _seen_first(shelf: Shelf, releases: Record) -> dict[str, float]:
    """Return when each release was seen first, of whatever problem, as far as that is known."""
    known = {name: seen for name, seen in releases.items() if isinstance(seen, SECONDS)}
    return {name: min(seen, first_seen(shelf, name) or seen) for name, seen in known.items()}
