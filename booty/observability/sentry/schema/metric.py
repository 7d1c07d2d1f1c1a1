"""A metric alert, in Sentry's shape."""

from __future__ import annotations

import re

from pydantic import AliasChoices, AliasPath, Field

from booty.observability.sentry.schema.lenient import Flag, Lenient, Moment, Number, Several, Text, Word


class SentTrigger(Lenient):
    """One threshold of a metric's alert rule."""

    label: Text = None
    threshold: Number = Field(None, validation_alias="alert_threshold")


class SentMetricAlert(Lenient):
    """`data.metric_alert`: the state of one alert rule on a metric."""

    id: Text = None
    rule_id: Text = Field(None, validation_alias=AliasPath("alert_rule", "id"))
    rule_name: Text = Field(None, validation_alias=AliasPath("alert_rule", "name"))
    environment: Text = Field(None, validation_alias=AliasPath("alert_rule", "environment"))
    aggregate: Text = Field(None, validation_alias=AliasPath("alert_rule", "aggregate"))
    query: Text = Field(None, validation_alias=AliasPath("alert_rule", "query"))
    window: Number = Field(None, validation_alias=AliasPath("alert_rule", "time_window"))
    """In minutes."""
    is_below: Flag = Field(default=False, validation_alias=AliasPath("alert_rule", "threshold_type"))
    """Sentry writes 1 where the metric is too low, 0 where it is too high."""
    triggers: Several[SentTrigger] = Field((), validation_alias=AliasPath("alert_rule", "triggers"))
    projects: Several[Word] = ()
    title: Text = None
    date_started: Moment = None
    date_closed: Moment = None
    detector_id: Text = Field(
        None, validation_alias=AliasChoices("detector_id", AliasPath("alert_rule", "detector_id"))
    )

    @property
    def incident(self) -> int | None:
        """Which firing of the rule it is: Sentry counts them up."""
        return int(self.id) if self.id and re.fullmatch(r"[0-9]{1,18}", self.id, re.ASCII) else None
