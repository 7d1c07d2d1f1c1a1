"""What an occurrence brings: an issue that is not an error, such as a slow query, a missed check-in, a user's feedback.

Sentry writes these keys in camelCase; its older releases, and lists within, in snake_case. Sources: what the detectors
of https://github.com/getsentry/sentry put into `evidence_data`, `evidence_display` and the contexts.
"""

from __future__ import annotations

from pydantic import AliasChoices, AliasPath, Field

from booty.observability.sentry.schema.lenient import Lenient, Maybe, Number, Several, Text, Word


class SentEvidence(Lenient):
    """One row of what an occurrence shows."""

    name: Text = None
    value: Text = None


class SentMonitor(Lenient):
    """`contexts.monitor`: the cron monitor; margin and longest run in minutes."""

    name: Text = None
    slug: Text = None
    crontab: Text = Field(None, validation_alias=AliasPath("config", "schedule"))
    interval: Several[Word] = Field((), validation_alias=AliasPath("config", "schedule"))
    """A number and a unit, where the schedule is not a crontab."""
    timezone: Text = Field(None, validation_alias=AliasPath("config", "timezone"))
    margin: Number = Field(None, validation_alias=AliasPath("config", "checkin_margin"))
    longest_run: Number = Field(None, validation_alias=AliasPath("config", "max_runtime"))


class SentFeedback(Lenient):
    """`contexts.feedback`: what a user wrote, where, and who they are."""

    message: Text = None
    url: Text = None
    contact_email: Text = None
    name: Text = None


class SentCondition(Lenient):
    """One threshold of a metric issue's detector; `result` is the priority that it means, 0 that all is well."""

    type: Text = None
    comparison: Number = None
    result: Maybe[int] = Field(None, validation_alias=AliasChoices("conditionResult", "condition_result"))


class SentQuery(Lenient):
    """What a metric issue's detector watches; the window in seconds."""

    aggregate: Text = None
    query: Text = None
    window: Number = Field(None, validation_alias=AliasChoices("timeWindow", "time_window"))


def _either(*names: str) -> AliasChoices:
    """Name a field of `evidenceData` in snake_case, by which Sentry's camelCase is known as well."""
    camel = ("".join(part.title() if at else part for at, part in enumerate(name.split("_"))) for name in names)
    return AliasChoices(*names, *camel)


class SentEvidenceData(Lenient):
    """`occurrence.evidenceData`: the fields worth showing, of any detector."""

    transaction: Text = Field(None, validation_alias=_either("transaction_name", "transaction"))
    parent_span: Text = Field(None, validation_alias=_either("parent_span"))
    repeated: Text = Field(None, validation_alias=_either("repeating_spans_compact", "repeating_spans"))
    repeated_spans: Several[Word] = Field((), validation_alias=_either("repeating_spans_compact", "repeating_spans"))
    times: Text = Field(None, validation_alias=_either("num_repeating_spans", "number_repeating_spans"))
    duration: Number = Field(None, validation_alias=_either("duration_ms"))
    parameters: Several[Word] = ()
    value: Number = Field(None, validation_alias=AliasChoices(AliasPath("value", "value"), "value"))
    """Of a metric; where an anomaly was found it stands one level deeper."""
    conditions: Several[SentCondition] = ()
    watched: Maybe[SentQuery] = Field(
        None,
        validation_alias=AliasChoices(
            *(
                AliasPath(sources, 0, query, snuba)
                for sources in ("dataSources", "data_sources")
                for query, snuba in (("queryObj", "snubaQuery"), ("query_obj", "snuba_query"))
            )
        ),
    )
    alert_id: Text = Field(None, validation_alias=_either("alert_id"))
    """Of a metric: the alert rule, which `metric_alert` webhooks name as well."""
    detector_id: Text = Field(None, validation_alias=_either("detector_id"))
    contact_email: Text = Field(None, validation_alias=_either("contact_email"))
    name: Text = None


class SentOccurrence(Lenient):
    """`data.event.occurrence`; the thousands of its type tell the category."""

    type: Maybe[int] = None
    title: Text = Field(None, validation_alias=_either("issue_title"))
    subtitle: Text = None
    culprit: Text = None
    level: Text = None
    shown: Several[SentEvidence] = Field((), validation_alias=_either("evidence_display"))
    data: Maybe[SentEvidenceData] = Field(None, validation_alias=_either("evidence_data"))
