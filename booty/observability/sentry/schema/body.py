"""Sentry's webhook bodies, as far as we read them: the one place that spells Sentry's keys.

What stands here is Sentry's shape with Sentry's names and order; `payload` turns it into our own words. Sources: the
pages of https://docs.sentry.io/organization/integrations/integration-platform/webhooks/ and, for the event,
https://develop.sentry.dev/sdk/data-model/event-payloads/.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import AliasChoices, AliasPath, Field

from booty.observability.sentry.schema.lenient import (
    Count,
    Flag,
    Lenient,
    Maybe,
    Moment,
    Number,
    Position,
    Several,
    Text,
    Word,
)
from booty.observability.sentry.schema.occurrence import WireFeedback, WireMonitor, WireOccurrence


class WireFrame(Lenient):
    """One call; a native one may have nothing but its address."""

    filename: Text = None
    abs_path: Text = None
    function: Text = None
    module: Text = None
    package: Text = None
    instruction_addr: Text = None
    lineno: Position = None
    context_line: Text = None
    pre_context: Several[Word] = ()
    post_context: Several[Word] = ()
    in_app: Flag = False


class WireMechanism(Lenient):
    """How the error was caught; an exception group's tree hangs on its ids."""

    exception_id: Maybe[int] = None
    handled: Maybe[bool] = None


class WireException(Lenient):
    """One exception of the chain."""

    type: Text = None
    value: Text = None
    mechanism: Maybe[WireMechanism] = None
    frames: Several[WireFrame] = Field((), validation_alias=AliasPath("stacktrace", "frames"))


class WireThread(Lenient):
    """One thread of a crashed process."""

    crashed: Flag = False
    current: Flag = False
    frames: Several[WireFrame] = Field((), validation_alias=AliasPath("stacktrace", "frames"))


class WireBreadcrumb(Lenient):
    """What happened before; both message and data are optional."""

    timestamp: Moment = None
    type: Text = None
    category: Text = None
    level: Text = None
    message: Text = None
    data: Maybe[dict[str, Any]] = None


class WireContext(Lenient):
    """One piece of the surroundings, such as the operating system."""

    name: Text = None
    version: Text = None
    model: Text = None
    family: Text = None


class WireContexts(Lenient):
    """The surroundings worth showing."""

    runtime: Maybe[WireContext] = None
    os: Maybe[WireContext] = None
    client_os: Maybe[WireContext] = None
    browser: Maybe[WireContext] = None
    device: Maybe[WireContext] = None
    monitor: Maybe[WireMonitor] = None
    feedback: Maybe[WireFeedback] = None


class WireEvent(Lenient):
    """`data.event` of an event alert, `data.error` of an error: the same shape."""

    event_id: Text = None
    type: Text = None
    project: Text = None
    issue_id: Text = None
    issue_url: Text = None
    hashes: Several[Word] = ()
    url: Text = None
    web_url: Text = None
    title: Text = None
    message: Text = None
    log_formatted: Text = Field(None, validation_alias=AliasPath("logentry", "formatted"))
    log_message: Text = Field(None, validation_alias=AliasPath("logentry", "message"))
    metadata_title: Text = Field(None, validation_alias=AliasPath("metadata", "title"))
    culprit: Text = None
    logger: Text = None
    level: Text = None
    release: Text = None
    environment: Text = None
    datetime: Moment = None
    timestamp: Moment = None
    tags: Several[tuple[Word, Word]] = ()
    contexts: Maybe[WireContexts] = None
    request_url: Text = Field(None, validation_alias=AliasPath("request", "url"))
    request_method: Text = Field(None, validation_alias=AliasPath("request", "method"))
    user_email: Text = Field(None, validation_alias=AliasPath("user", "email"))
    user_name: Text = Field(None, validation_alias=AliasPath("user", "name"))
    username: Text = Field(None, validation_alias=AliasPath("user", "username"))
    exceptions: Several[WireException] = Field(
        (), validation_alias=AliasChoices(AliasPath("exception", "values"), "exception")
    )
    """The root cause first, the exception that was raised last."""
    frames: Several[WireFrame] = Field((), validation_alias=AliasPath("stacktrace", "frames"))
    threads: Several[WireThread] = Field((), validation_alias=AliasChoices(AliasPath("threads", "values"), "threads"))
    breadcrumbs: Several[WireBreadcrumb] = Field(
        (), validation_alias=AliasChoices(AliasPath("breadcrumbs", "values"), "breadcrumbs")
    )
    occurrence: Maybe[WireOccurrence] = None
    thrown: Maybe[dict[str, Any]] = Field(None, validation_alias=AliasPath("extra", "__serialized__"))
    """What JavaScript threw where it was no error."""


class WireIssue(Lenient):
    """`data.issue` of an issue webhook: Sentry's group, without any event of it."""

    id: Text = None
    project: Text = Field(None, validation_alias=AliasPath("project", "id"))
    substatus: Text = None
    release: Text = Field(None, validation_alias=AliasPath("statusDetails", "inRelease"))
    last_seen: Moment = Field(None, validation_alias="lastSeen")
    events: Count = Field(None, validation_alias="count")
    """Sentry writes this number as text, the next one as a number."""
    users: Count = Field(None, validation_alias="userCount")
    web_url: Text = None


class WireTrigger(Lenient):
    """One threshold of a metric's alert rule."""

    label: Text = None
    threshold: Number = Field(None, validation_alias="alert_threshold")


class WireMetricAlert(Lenient):
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
    triggers: Several[WireTrigger] = Field((), validation_alias=AliasPath("alert_rule", "triggers"))
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


class WireData(Lenient):
    """`data`: which of its keys is there tells the resource, because the header that names it is not signed."""

    event: Maybe[WireEvent] = None
    error: Maybe[WireEvent] = None
    metric_alert: Maybe[WireMetricAlert] = None
    triggered_rule: Text = None
    rule_title: Text = Field(None, validation_alias=AliasPath("issue_alert", "title"))
    description_title: Text = None
    description_text: Text = None
    web_url: Text = None
    activity: Maybe[dict[str, Any]] = None
    comment_id: Text = None
    installation: Maybe[dict[str, Any]] = None
    issue: Maybe[WireIssue] = None
    run_id: Text = None


class Envelope(Lenient):
    """What every webhook body has in common."""

    action: Text = None
    actor_type: Text = Field(None, validation_alias=AliasPath("actor", "type"))
    actor_name: Text = Field(None, validation_alias=AliasPath("actor", "name"))
    data: Maybe[WireData] = None
