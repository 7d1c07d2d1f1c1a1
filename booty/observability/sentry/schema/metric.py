"""A metric alert, in Sentry's shape."""

from __future__ import annotations

import re

from booty.observability.sentry.schema.reading.by_path import Picked, at
from booty.observability.sentry.schema.reading.typed import Flag, Number, Text, Time


class SentTrigger(Picked):
    """One threshold of a metric's alert rule."""

    label: Text = None
    threshold: Number = at("alert_threshold")


class SentMetricAlert(Picked):
    """`data.metric_alert`: the state of one alert rule on a metric."""

    id: Text = None
    rule_id: Text = at("alert_rule.id")
    rule_name: Text = at("alert_rule.name")
    environment: Text = at("alert_rule.environment")
    aggregate: Text = at("alert_rule.aggregate")
    query: Text = at("alert_rule.query")
    window: Number = at("alert_rule.time_window")
    """In minutes."""
    is_below: Flag = at("alert_rule.threshold_type")
    """Sentry writes 1 where the metric is too low, 0 where it is too high."""
    triggers: tuple[SentTrigger, ...] = at("alert_rule.triggers", default=())
    projects: tuple[str, ...] = ()
    title: Text = None
    date_started: Time = None
    date_closed: Time = None
    detector_id: Text = at("detector_id", "alert_rule.detector_id")

    @property
    def incident(self) -> int | None:
        """Which firing of the rule it is: Sentry counts them up."""
        return int(self.id) if self.id and re.fullmatch(r"[0-9]{1,18}", self.id, re.ASCII) else None
