"""What a detector of Sentry measured, as rows of name, value; None where it did not."""

from __future__ import annotations

from collections.abc import Iterator

from booty.observability.alerts import limits
from booty.observability.sentry.schema.metric import SentMetricAlert
from booty.observability.sentry.schema.occurrence import SentCondition, SentEvidenceData, SentMonitor, SentQuery

Row = tuple[str | None, str | None]

COMPARISONS = {"gt": "above", "gte": "at least", "lt": "below", "lte": "at most"}
PRIORITIES = {75: "critical", 50: "warning", 25: "low"}
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def monitored(monitor: SentMonitor) -> Iterator[Row]:
    """Say when a cron monitor expects its job."""
    every = monitor.schedule
    if isinstance(every, tuple):
        times, *unit = every or ("",)
        every = f"every {times} {' '.join(unit)}{'s' if times != '1' else ''}" if unit else None
    zone = f" ({monitor.timezone})" if monitor.timezone else ""
    yield "Monitor", monitor.name or monitor.slug
    yield "Schedule", f"{every}{zone}" if every else None
    yield "May be late by", _duration(monitor.margin and monitor.margin * 60)
    yield "May run for", _duration(monitor.longest_run and monitor.longest_run * 60)


def measured(data: SentEvidenceData) -> Iterator[Row]:
    """Say how far a metric went, beyond what, and of what."""
    yield "Value", None if data.value is None else _number(data.value)
    yield "Threshold", ", ".join(filter(None, map(_limit, data.conditions)))
    watched = data.watched or SentQuery()
    yield from _watched(watched, watched.window)


def _watched(query: SentQuery, seconds: float | None) -> Iterator[Row]:
    yield "Metric", query.aggregate
    yield "Query", query.query
    yield "Window", _duration(seconds)


def _limit(condition: SentCondition) -> str | None:
    name = COMPARISONS.get(condition.type or "")
    if name is None or condition.comparison is None or condition.result == 0:
        return None
    priority = PRIORITIES.get(condition.result or 0)
    return f"{name} {_number(condition.comparison)}{f' ({priority})' if priority else ''}"


def rule(metric: SentMetricAlert) -> Iterator[Row]:
    """Say what a metric alert's rule watches, and beyond what it fires."""
    too = "below" if metric.is_below else "above"
    limits = (
        f"{too} {_number(each.threshold)} ({each.label or 'alert'})"
        for each in metric.triggers
        if each.threshold is not None
    )
    yield "Threshold", ", ".join(limits)
    yield from _watched(
        SentQuery(aggregate=metric.aggregate, query=metric.query), metric.window * 60 if metric.window else None
    )


def repeating(data: SentEvidenceData) -> Iterator[Row]:
    """Say which span was slow or repeated, how often, and within which."""
    yield "Parent span", data.parent_span
    yield "Repeated" if (data.times or "1") != "1" else "Span", repeated(data)
    yield "Times", data.times if data.times != "1" else None
    yield "Took", f"{data.duration:,.0f} ms" if data.duration else None
    yield "Parameters", " ".join(data.parameters[: limits.MOST_DETAILS])


def repeated(data: SentEvidenceData) -> str | None:
    """Return that span, which Sentry writes as a text or as a list with one."""
    return next(iter(data.repeated), None) if isinstance(data.repeated, tuple) else data.repeated


def _number(value: float) -> str:
    return f"{value:.12g}"


def _duration(seconds: float | None) -> str | None:
    """Write how long, in the largest unit that needs no fraction."""
    if not seconds or seconds < 0:
        return None
    size, unit = next((each for each in UNITS if seconds % each[0] == 0), UNITS[-1])
    return f"{seconds / size:g} {unit}{'' if seconds == size else 's'}"
