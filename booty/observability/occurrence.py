"""What a detector of Sentry found, in words: what kind of problem, where, and the details that say how bad it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from booty.observability import bounds, feedback
from booty.observability.bounds import cut
from booty.observability.surroundings import publishable
from booty.observability.wire import WireEvent, WireMetricAlert
from booty.observability.wire_occurrence import (
    WireCondition,
    WireEvidenceData,
    WireMonitor,
    WireOccurrence,
    WireQuery,
)

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
COMPARISONS = {"gt": "above", "gte": "at least", "lt": "below", "lte": "at most"}
PRIORITIES = {75: "critical", 50: "warning", 25: "low"}
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def category(event: WireEvent) -> str:
    """Return what kind of problem `event` is about."""
    kind = CATEGORIES.get((event.occurrence.type or 0) // 1000) if event.occurrence else None
    if kind is None and feedback.is_one(event):
        return feedback.CATEGORY
    return kind or ("other" if event.occurrence else "error")


def detected(event: WireEvent) -> str | None:
    """Name what was found, such as `N+1 Query`; of Sentry's title only what is no name of the organisation's own."""
    title = event.occurrence.title if event.occurrence else None
    name = NAMES.get(category(event)) or (title or "").partition(": ")[0]
    return cut(name, bounds.TITLE)


def culprit(event: WireEvent) -> str | None:
    """Return where it was found: the transaction, the monitor, the page; a query is no place."""
    found = event.occurrence or WireOccurrence()
    data = found.data or WireEvidenceData()
    where = data.transaction or _monitor(event).slug or feedback.told_by(event).url or _checked(event, found)
    if where is None and category(event) != feedback.CATEGORY:  # of which Sentry says `user`
        named = found.culprit or event.culprit
        where = None if named and _is_told(named, (found.subtitle, _repeated(data))) else named
    return cut(publishable(where), bounds.TITLE) if where else None


def words(event: WireEvent) -> tuple[str | None, Rows]:
    """Return what a user wrote, else the sentence below Sentry's title, and the details; nothing twice."""
    if category(event) == feedback.CATEGORY:
        said, rows = feedback.words(event)
        return cut(said, bounds.MESSAGE), _short(rows, (said, event.environment))
    if (found := event.occurrence) is None:
        return None, ()
    data, monitor = found.data or WireEvidenceData(), _monitor(event)
    rows = [
        *_monitored(monitor),
        *_measured(data),
        *_repeating(data),
        *((row.name, row.value) for row in found.shown),
        ("Title", None if monitor.slug or _checked(event, found) else _rest_of_title(event, found)),
    ]
    said = "" if _is_told(found.subtitle or "", [value for _, value in rows]) else found.subtitle
    return cut(said, bounds.MESSAGE), _short(rows, (said, event.environment, detected(event), data.transaction))


def metric_details(metric: WireMetricAlert, text: str | None) -> Rows:
    """Return what a metric alert's rule watches; not what its `text` says already."""
    too = "below" if metric.is_below else "above"
    limits = (
        f"{too} {_number(each.threshold)} ({each.label or 'alert'})"
        for each in metric.triggers
        if each.threshold is not None
    )
    watched = WireQuery(aggregate=metric.aggregate, query=metric.query)
    window = metric.window * 60 if metric.window else None
    return _short([("Threshold", ", ".join(limits)), *_watched(watched, window)], (text,))


def _monitored(monitor: WireMonitor) -> Iterator[tuple[str, str | None]]:
    times, *unit = monitor.interval or ("",)
    every = monitor.crontab or (f"every {times} {' '.join(unit)}{'s' if times != '1' else ''}" if unit else None)
    zone = f" ({monitor.timezone})" if monitor.timezone else ""
    yield "Monitor", monitor.name or monitor.slug
    yield "Schedule", f"{every}{zone}" if every else None
    yield "May be late by", _duration(monitor.margin and monitor.margin * 60)
    yield "May run for", _duration(monitor.longest_run and monitor.longest_run * 60)


def _measured(data: WireEvidenceData) -> Iterator[tuple[str, str | None]]:
    yield "Value", None if data.value is None else _number(data.value)
    yield "Threshold", ", ".join(filter(None, map(_limit, data.conditions)))
    watched = data.watched or WireQuery()
    yield from _watched(watched, watched.window)


def _watched(query: WireQuery, seconds: float | None) -> Iterator[tuple[str, str | None]]:
    yield "Metric", query.aggregate
    yield "Query", query.query
    yield "Window", _duration(seconds)


def _limit(condition: WireCondition) -> str | None:
    name = COMPARISONS.get(condition.type or "")
    if name is None or condition.comparison is None or condition.result == 0:
        return None
    priority = PRIORITIES.get(condition.result or 0)
    return f"{name} {_number(condition.comparison)}{f' ({priority})' if priority else ''}"


def _repeating(data: WireEvidenceData) -> Iterator[tuple[str, str | None]]:
    yield "Parent span", data.parent_span
    yield "Repeated" if (data.times or "1") != "1" else "Span", _repeated(data)
    yield "Times", data.times if data.times != "1" else None
    yield "Took", f"{data.duration:,.0f} ms" if data.duration else None
    yield "Parameters", " ".join(data.parameters[: bounds.MOST_DETAILS])


def _repeated(data: WireEvidenceData) -> str | None:
    return data.repeated or next(iter(data.repeated_spans), None)


def _monitor(event: WireEvent) -> WireMonitor:
    known = event.contexts.monitor if event.contexts else None
    return known or WireMonitor(slug=next((value for name, value in event.tags if name == "monitor.slug"), None))


def _number(value: float) -> str:
    return f"{value:.12g}"


def _duration(seconds: float | None) -> str | None:
    """Write how long, in the largest unit that needs no fraction."""
    if not seconds or seconds < 0:
        return None
    size, unit = next((each for each in UNITS if seconds % each[0] == 0), UNITS[-1])
    return f"{seconds / size:g} {unit}{'' if seconds == size else 's'}"


def _checked(event: WireEvent, found: WireOccurrence) -> str | None:
    """Return the address of an uptime check, which stands in Sentry's title alone."""
    address = ADDRESS.search(found.title or "") if category(event) == "uptime" else None
    return address[0] if address else None


def _rest_of_title(event: WireEvent, found: WireOccurrence) -> str | None:
    """Return Sentry's title without what the issue's first sentence says of it."""
    kind = category(event)
    return None if kind == "metric" else found.title if kind in NAMES else (found.title or "").partition(": ")[2]


def _short(rows: Iterable[tuple[str | None, str | None]], told: Iterable[str | None]) -> Rows:
    """Keep the first rows that say something which is not `told` already."""
    told = list(told)
    kept: list[tuple[str, str]] = []
    for name, value in rows:
        label, text = cut(name, bounds.NAME), cut(value, bounds.DETAIL)
        if label and text and not _is_told(text, told) and len(kept) < bounds.MOST_DETAILS:
            told.append(text)
            kept.append((label, text))
    return tuple(kept)


def _is_told(text: str, told: Iterable[str | None]) -> bool:
    """Say whether `text` stands in what is told, or has little beside it; a short one, such as a number, is no part."""
    text, others = text.lower(), [each.lower() for each in told if each]
    if len(text) < SHORTEST_PART:
        return text in others
    return any(text in each or (len(each) > max(len(text) // 2, SHORTEST_PART) and each in text) for each in others)
