"""What a record in the ledger looks like, by its fields.

A field of another shape, as a newer release may write it or a damaged file hold it, counts as missing; one that is not
listed here is kept as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = dict[str, Any]
Shape = Mapping[str, type | tuple[type, ...]]

SECONDS = (int, float)
HISTORY: Shape = {
    "state": str,
    "claimed_at": SECONDS,
    "first_seen": SECONDS,
    "began_at": SECONDS,
    "places": list,
    "verified": SECONDS,
    "last_seen": SECONDS,
    "occurred_at": SECONDS,
    "forget_at": SECONDS,
    "count": int,
    "events_known": int,
    "releases": dict,
    "issue": int,
    "told": dict,
    "news": list,
    "news_seen_at": SECONDS,
    "waiting": dict,
    "worst": str,
    "past_releases": list,
    "happened_at": SECONDS,
    "seen_before": SECONDS,
    "exceptions": int,
    "incident": int,
    "standing": dict,
    "resolved_at": SECONDS,
    "is_awaited": bool,
    "is_back": bool,
    "is_muted_by_sentry": bool,
    "held": dict,
    "aliases": list,
    "title": str,
    "sentry": dict,
    "line": int,
    "news_line": int,
    "quiet": dict,
    "destination": dict,
    "protected": str,
}
SENTRY: Shape = {"events": int, "users": int, "at": SECONDS}
TOLD: Shape = {"count": int, "releases": list, "severity": str}
STANDING: Shape = {"closed_at": (*SECONDS, type(None)), "is_muted": bool, "as_of": SECONDS}
HELD: Shape = {
    "event": str,
    "kind": str,
    "severity": str,
    "release": (str, type(None)),
    "environment": (str, type(None)),
    "happened_at": SECONDS,
    "seen_before": SECONDS,
    "is_muted": bool,
    "is_telling": bool,
    "is_regression": bool,
    "is_reconciled": bool,
    "attempted_at": (*SECONDS, type(None)),
    "line": int,
}
"""The short form of an alert that cooled down: what showing it in its issue needs."""
SIGHTING: Shape = {"first": SECONDS, "last": SECONDS}
WORK: Shape = {
    "alert": dict,
    "news": dict,
    "due": str,
    "lease": str,
    "attempted_at": SECONDS,
    "looks": int,
    "reason": str,
    "refused_at": SECONDS,
    "missing_at": SECONDS,
    "labels": list,
    "label_sets": int,
    "stopped_at": SECONDS,
    "failed_at": SECONDS,
    "fails": int,
    "behind": SECONDS,
    "since": SECONDS,
    "destination": dict,
}
GATE: Shape = {
    "holder": str,
    "at": SECONDS,
    "busy_until": SECONDS,
    "paused_until": SECONDS,
    "failures": int,
    "reason": str,
    "token": str,
    "began_at": SECONDS,
    "succeeded_at": SECONDS,
    "turns": int,
    "stopped": dict,
    "repositories": list,
}
STOP: Shape = {"reason": str, "remedy": str, "since": SECONDS, "tries": int, "next_at": SECONDS}
HEAD: Shape = {"next": int, "swept": int}
QUIET: Shape = {"line": int, "since": SECONDS, "at": SECONDS, "times": int, "until": SECONDS}
LINE: Shape = {
    "number": int,
    "at": SECONDS,
    "until": SECONDS,
    "times": int,
    "fingerprint": str,
    "verdict": str,
    "change": str,
    "event": str,
    "events": list,
    "since": SECONDS,
    "because": str,
    "threshold": str,
    "category": str,
    "severity": str,
    "project": str,
    "rule": str,
    "release": str,
    "title": str,
    "actor": str,
    "short_id": str,
    "how": str,
    "sentry_url": str,
    "route": int,
    "min_severity": str,
    "cooldown_hours": SECONDS,
    "became": list,
}
BECAME: Shape = {"what": str, "at": SECONDS, "until": SECONDS, "times": int, "reason": str, "issue": int}
PLACE: Shape = {"since": str, "etag": (str, type(None)), "began_at": SECONDS}


def shaped(value: object, shape: Shape) -> Record:
    """Return the fields of a stored value that have the right shape; none when it is not a record at all."""
    if not isinstance(value, dict):
        return {}
    return {name: field for name, field in value.items() if name not in shape or isinstance(field, shape[name])}
