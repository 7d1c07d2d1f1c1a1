"""What a detector of Sentry found, in words: what kind of problem, where, how bad it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from booty.observability.alerts import limits
from booty.observability.alerts.limits import cut
from booty.observability.sentry.event import feedback, measurements
from booty.observability.sentry.event.measurements import Row
from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.metric import SentMetricAlert
from booty.observability.sentry.schema.occurrence import SentEvidenceData, SentMonitor, SentOccurrence
from booty.observability.text.addresses import publishable

Rows = tuple[tuple[str, str], ...]

# https://github.com/getsentry/sentry, sentry/issues/grouptype.py: by the thousands of a type's number.
CATEGORIES = {
    1: "performance",
    2: "performance",
    4: "cron",
    5: "replay",
    6: "feedback",
    7: "uptime",
    8: "metric",
    10: "performance",
}
NAMES = {
    "cron": "Monitor failure",
    "feedback": "User Feedback",
    "uptime": "Downtime detected",
    "metric": "Metric alert",
}
"""What is found where Sentry's title holds names and addresses of the organisation's own."""
ADDRESS = re.compile(r"https?://\S{1,1000}")
SHORTEST_PART = 12
"""Characters of a text that can be known as a part of another."""


def category(event: SentEvent) -> str:
    """Return what kind of problem `event` is about."""
    if event.occurrence is None and not (event.contexts and event.contexts.raw_feedback):
        return "error"  # nearly always
    kind = CATEGORIES.get((event.occurrence.type or 0) // 1000) if event.occurrence else None
    if kind is None and feedback.is_one(event):
        return feedback.CATEGORY
    return kind or ("other" if event.occurrence else "error")


def detected(event: SentEvent) -> str | None:
    """Name what was found, such as `N+1 Query`; of Sentry's title, nothing that the organisation named."""
    title = event.occurrence.title if event.occurrence else None
    name = NAMES.get(category(event)) or (title or "").partition(": ")[0]
    return cut(name, limits.TITLE)


def culprit(event: SentEvent) -> str | None:
    """Return where it was found: the transaction, the monitor, the page; a query is not a place."""
    found = event.occurrence or SentOccurrence()
    data = found.data or SentEvidenceData()
    where = data.transaction or _monitor(event).slug or feedback.told_by(event).url or _checked(event, found)
    if where is None and category(event) != feedback.CATEGORY:  # of which Sentry says `user`
        named = found.culprit or event.culprit
        where = None if named and _is_told(named, (found.subtitle, measurements.repeated(data))) else named
    return cut(publishable(where), limits.TITLE) if where else None


def words(event: SentEvent) -> tuple[str | None, Rows]:
    """Return what a user wrote, else the sentence below Sentry's title, and the details; nothing twice."""
    if category(event) == feedback.CATEGORY:
        said, rows = feedback.words(event)
        return cut(said, limits.MESSAGE), _short(rows, (said, event.environment, culprit(event)))
    if (found := event.occurrence) is None:
        return None, ()
    data, monitor = found.data or SentEvidenceData(), _monitor(event)
    rows = [
        *measurements.monitored(monitor),
        *measurements.measured(data),
        *measurements.repeating(data),
        *((row.name, row.value) for row in found.shown),
        ("Title", None if monitor.slug or _checked(event, found) else _rest_of_title(event, found)),
    ]
    said = "" if _is_told(found.subtitle or "", [value for _, value in rows]) else found.subtitle
    told = (said, event.environment, detected(event), culprit(event))
    return cut(said, limits.MESSAGE), _short(rows, told)


def metric_details(metric: SentMetricAlert, text: str | None) -> Rows:
    """Return what a metric alert's rule watches; not what its `text` says already."""
    return _short(measurements.rule(metric), (text,))


def _monitor(event: SentEvent) -> SentMonitor:
    known = event.contexts.monitor if event.contexts else None
    return known or SentMonitor(slug=next((value for name, value in event.tags if name == "monitor.slug"), None))


def _checked(event: SentEvent, found: SentOccurrence) -> str | None:
    """Return the address of an uptime check, which only Sentry's title has."""
    address = ADDRESS.search(found.title or "") if category(event) == "uptime" else None
    return address[0] if address else None


def _rest_of_title(event: SentEvent, found: SentOccurrence) -> str | None:
    """Return Sentry's title without what the issue's first sentence says of it."""
    kind = category(event)
    return None if kind == "metric" else found.title if kind in NAMES else (found.title or "").partition(": ")[2]


def _short(rows: Iterable[Row], told: Iterable[str | None]) -> Rows:
    """Keep the first rows that say something which is not `told` already."""
    told = list(told)
    kept: list[tuple[str, str]] = []
    for name, value in rows:
        label, text = cut(name, limits.NAME), cut(value, limits.DETAIL)
        if label and text and not _is_told(text, told) and len(kept) < limits.MOST_DETAILS:
            told.append(text)
            kept.append((label, text))
    return tuple(kept)


def _is_told(text: str, told: Iterable[str | None]) -> bool:
    """Return whether `text` is in what is said, or has little beside it; a short one never is."""
    text, others = text.lower(), [each.lower() for each in told if each]
    if len(text) < SHORTEST_PART:
        return text in others
    return any(text in each or (len(each) > max(len(text) // 2, SHORTEST_PART) and each in text) for each in others)
