"""The fields of a record: what is cut to which length, what is left as it is."""

from __future__ import annotations

from booty.observability.alerts import limits

PLAIN = frozenset(
    {
        *("kind", "fingerprint", "aliases", "event", "severity", "change", "key"),
        *("at", "occurred_at", "first_seen", "last_seen"),
    }
)
"""Not texts from outside: our own words, times, ids of a restricted alphabet."""
REQUEST_PATH = "request.path"
IDENTIFIERS = frozenset(
    {
        "project",
        "path",
        "absolute_path",
        "package",
        "module",
        "address",
        "release",
        "environment",
        "platform",
        "sentry_url",
    }
)
"""No personal data is looked for in these."""
PATHS = frozenset({"path", "absolute_path", "package"})
"""Of these the end is kept, which says most."""
LIMITS = {
    "message": limits.MESSAGE,
    "text": limits.CRUMB,
    "title": limits.TITLE,
    "detected": limits.TITLE,
    "details": limits.DETAIL,
    "locals": limits.LOCAL,
    "culprit": limits.TITLE,
    "release": limits.TITLE,
    "rule": limits.TITLE,
    "sentry_url": limits.MESSAGE,
    "before": limits.SOURCE,
    "source": limits.SOURCE,
    "after": limits.SOURCE,
    "path": limits.PATH,
    "absolute_path": limits.PATH,
    REQUEST_PATH: limits.PATH,
}
"""Bytes of a field, by its name; `limits.NAME` of any other."""
LONG = ("raised", "stack", "breadcrumbs", "tags")
"""Lists that can hold very much: what is in them comes after all that is beside them."""
