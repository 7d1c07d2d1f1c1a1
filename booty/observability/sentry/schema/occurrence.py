"""What an occurrence brings: an issue that is not an error, such as a slow query, a missed check-in, a user's feedback.

Sentry writes these keys in camelCase; its older releases, and lists within, in snake_case. Sources: what the detectors
of https://github.com/getsentry/sentry put into `evidence_data`, `evidence_display` and the contexts.
"""

from __future__ import annotations

from typing import Any

from booty.observability.sentry.schema.reading.by_path import Picked, at
from booty.observability.sentry.schema.reading.typed import Number, Text, Whole, Words


class SentEvidence(Picked):
    """One row of what an occurrence shows."""

    name: Text = None
    value: Text = None


class SentMonitor(Picked):
    """`contexts.monitor`: the cron monitor; margin and longest run in minutes."""

    name: Text = None
    slug: Text = None
    schedule: Words = at("config.schedule")
    """A crontab, or a number and a unit."""
    timezone: Text = at("config.timezone")
    margin: Number = at("config.checkin_margin")
    longest_run: Number = at("config.max_runtime")


class SentFeedback(Picked):
    """`contexts.feedback`: what a user wrote, where, and who they are."""

    message: Text = None
    url: Text = None
    contact_email: Text = None
    name: Text = None


class SentCondition(Picked):
    """One threshold of a metric issue's detector; `result` is the priority that it means, 0 that all is well."""

    type: Text = None
    comparison: Number = None
    result: Whole = at("conditionResult", "condition_result")


class SentQuery(Picked):
    """What a metric issue's detector watches; the window in seconds."""

    aggregate: Text = None
    query: Text = None
    window: Number = at("timeWindow", "time_window")


def _either(*names: str, default: Any = None) -> Any:  # noqa: ANN401 - a field of any type
    """Name a field of `evidenceData` in snake_case, by which Sentry's camelCase is known as well."""
    camel = ("".join(part.title() if at else part for at, part in enumerate(name.split("_"))) for name in names)
    return at(*dict.fromkeys((*names, *camel)), default=default)


class SentEvidenceData(Picked):
    """`occurrence.evidenceData`: the fields worth showing, of any detector."""

    transaction: Text = _either("transaction_name", "transaction")
    parent_span: Text = _either("parent_span")
    repeated: Words = _either("repeating_spans_compact", "repeating_spans")
    times: Text = _either("num_repeating_spans", "number_repeating_spans")
    duration: Number = _either("duration_ms")
    parameters: tuple[str, ...] = ()
    value: Number = at("value.value", "value")
    """Of a metric; where an anomaly was found it stands one level deeper."""
    conditions: tuple[SentCondition, ...] = ()
    watched: SentQuery | None = at(
        *(
            f"{sources}.0.{query}"
            for sources in ("dataSources", "data_sources")
            for query in ("queryObj.snubaQuery", "query_obj.snuba_query")
        )
    )
    alert_id: Text = _either("alert_id")
    """Of a metric: the alert rule, which `metric_alert` webhooks name as well."""
    detector_id: Text = _either("detector_id")
    contact_email: Text = _either("contact_email")
    name: Text = None


class SentOccurrence(Picked):
    """`data.event.occurrence`; the thousands of its type tell the category."""

    type: Whole = None
    title: Text = _either("issue_title")
    subtitle: Text = None
    culprit: Text = None
    level: Text = None
    shown: tuple[SentEvidence, ...] = _either("evidence_display", default=())
    data: SentEvidenceData | None = _either("evidence_data")
