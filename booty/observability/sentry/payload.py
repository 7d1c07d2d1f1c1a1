"""Sentry's webhook bodies, turned into our own frozen alert: bytes in, a value out.

Past this room nobody sees Sentry's JSON: `wire` spells its keys, `lenient` bears what does not fit. Everything an alert
could lack is optional. Only a body that holds no event, or nothing that tells which problem it is, is refused. Whether
it came from Sentry at all was settled by `signature`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Alert, Severity
from booty.observability.alerts.limits import cut
from booty.observability.sentry.event import context, feedback, identity, occurrence, stacktrace, summary
from booty.observability.sentry.event.variables import variables
from booty.observability.sentry.schema.body import Envelope, WireData, WireEvent, WireMetricAlert
from booty.observability.sentry.schema.lenient import NotAnObject, read
from booty.observability.sentry.schema.locals import EnvelopeWithLocals

FILED_ACTIONS = {"triggered", "created", ""}  # of an event alert, of an error; without one the event still counts
METRIC_SEVERITIES = {"critical": Severity.FATAL, "warning": Severity.WARNING}
FILED_RESOURCES = {"event_alert", "error", "metric_alert"}
EVENT_IDS = ("issue_id", "issue_url", "hashes")
METRIC_IDS = ("metric_alert.id", "metric_alert.alert_rule.id")
RESOURCE = re.compile(r"[a-z_.]{1,40}")

OWN_TAG = ("booty.path", "alert")


class NotHandled(Exception):
    """A sound body of a resource that is not filed; `resource` names it, in letters that a log can bear."""

    def __init__(self, resource: str) -> None:
        super().__init__(resource)
        self.resource = resource


class InvalidPayload(Exception):
    """A body that no alert can be made of; `missing` says what it lacks: in case of several names, one would do."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


@dataclass(frozen=True)
class Glance:
    """What the decision about an alert needs; its evidence is read only when somebody asks for the `whole`.

    Of a storm nearly all alerts are counted and no more: reading their evidence would be most of the work.
    """

    fingerprint: str
    event: str
    severity: Severity
    read_whole: Callable[[Glance], Alert]
    category: str = "error"
    release: str | None = None
    environment: str | None = None
    occurred_at: datetime | None = None
    sentry_url: str | None = None
    own: bool = False
    kind: Literal["event", "metric"] = "event"
    aliases: tuple[str, ...] = ()
    incident: int | None = None

    @cached_property
    def whole(self) -> Alert:
        """The alert with all that it brings."""
        return self.read_whole(self)


def parse(body: bytes, resource: str | None, *, with_locals: bool = False) -> Alert:
    """Return the alert in `body` as a whole; raises as `glance` does."""
    return glance(body, resource, with_locals=with_locals).whole


def glance(body: bytes, resource: str | None, *, with_locals: bool = False) -> Glance:
    """Return the alert in `body`; raise NotHandled or InvalidPayload, nothing else, when there is none to file.

    `resource` is the `Sentry-Hook-Resource` header. The signature does not cover it, so what the body holds decides;
    the header only gives NotHandled its name. `with_locals`: the local variables of the crash are read as well.
    """
    envelope = envelope_in(body, EnvelopeWithLocals if with_locals else Envelope)
    if (data := envelope.data) is None:
        raise InvalidPayload(("data.event",))
    action = (envelope.action or "").lower()
    event = data.event or data.error
    if event is not None and action in FILED_ACTIONS:
        return _glance_at_event(event, data, body)
    if data.metric_alert is not None and action in METRIC_SEVERITIES:
        return _glance_at_metric(data.metric_alert, data, body, severity=METRIC_SEVERITIES[action])
    raise _unfiled(data, resource)


def envelope_in(body: bytes, shape: type[Envelope] = Envelope) -> Envelope:
    """Return what `body` holds, whatever resource it is of; raise InvalidPayload when it is no JSON object."""
    try:
        return read(shape, body)
    except NotAnObject as error:
        raise InvalidPayload(("json_object",)) from error


def _unfiled(data: WireData, resource: str | None) -> NotHandled | InvalidPayload:
    """Tell another resource's body from one that should have had an event."""
    name = resource_of(data, resource)
    return NotHandled(name) if name else InvalidPayload(("data.event",))


def resource_of(data: WireData, resource: str | None) -> str | None:
    """Return the resource's name: the header's, unless it names one that would have been filed, else by its shape."""
    if resource and RESOURCE.fullmatch(resource) and resource not in FILED_RESOURCES:
        return resource
    return next((name for name, value in _shapes(data).items() if value is not None), None)


def _shapes(data: WireData) -> dict[str, object]:
    return {
        "event_alert": data.event,
        "error": data.error,
        "metric_alert": data.metric_alert,
        "activity_alert": data.activity,
        "comment": data.comment_id,
        "installation": data.installation,
        "seer": data.run_id,
        "issue": data.issue,
    }


def _glance_at_event(event: WireEvent, data: WireData, body: bytes) -> Glance:
    fingerprint = identity.fingerprint(event)
    if fingerprint is None:
        raise InvalidPayload(EVENT_IDS)
    return Glance(
        fingerprint=fingerprint,
        event=identity.occurrence(event, body),
        severity=summary.severity(event),
        read_whole=lambda glance: _event_alert(glance, event, data),
        category=occurrence.category(event),
        release=summary.release(event),
        environment=summary.environment(event),
        occurred_at=limits.moment(event.datetime) or limits.moment(event.timestamp),
        sentry_url=identity.issue_page(event),
        own=OWN_TAG in event.tags,
        aliases=identity.event_aliases(event),
    )


def _event_alert(glance: Glance, event: WireEvent, data: WireData) -> Alert:
    raised, raised_left_out = stacktrace.raised(event.exceptions)
    message, details = occurrence.words(event)
    contexts = context.contexts(event.contexts)
    breadcrumbs, breadcrumbs_before = context.breadcrumbs(event.breadcrumbs)
    alert = Alert(
        fingerprint=glance.fingerprint,
        event=glance.event,
        severity=glance.severity,
        project=identity.project(event),
        title=summary.title(event),
        message=message or (None if event.occurrence else summary.message(event)),
        detected=summary.detected(event),
        category=glance.category,
        details=details or variables(event.thrown or {}),
        culprit=summary.culprit(event),
        environment=glance.environment,
        release=glance.release,
        occurred_at=glance.occurred_at,
        rule=cut(data.triggered_rule, limits.TITLE) or cut(data.rule_title, limits.TITLE),
        sentry_url=glance.sentry_url,
        raised=raised,
        raised_left_out=raised_left_out,
        is_handled=summary.is_handled(event) if raised else None,
        stack=() if any(each.frames for each in raised) else stacktrace.stack(event),
        request=context.request(event),
        breadcrumbs=breadcrumbs,
        breadcrumbs_before=breadcrumbs_before,
        contexts=contexts,
        tags=context.tags(event.tags, contexts),
        own=glance.own,
        aliases=glance.aliases,
    )
    return feedback.without_sender(alert, event) if alert.category == feedback.CATEGORY else alert


def _glance_at_metric(metric: WireMetricAlert, data: WireData, body: bytes, *, severity: Severity) -> Glance:
    fingerprint = identity.metric_fingerprint(metric)
    if fingerprint is None:
        raise InvalidPayload(METRIC_IDS)
    return Glance(
        fingerprint=fingerprint,
        event=identity.body_id(body),
        severity=severity,
        read_whole=lambda glance: _metric_alert(glance, metric, data),
        category="metric",
        environment=cut(metric.environment, limits.NAME),
        occurred_at=limits.moment(metric.date_started),
        sentry_url=identity.metric_page(data.web_url),
        kind="metric",
        aliases=identity.metric_aliases(metric, data.web_url),
        incident=metric.incident,
    )


def _metric_alert(glance: Glance, metric: WireMetricAlert, data: WireData) -> Alert:
    return Alert(
        kind=glance.kind,
        category=glance.category,
        fingerprint=glance.fingerprint,
        event=glance.event,
        severity=glance.severity,
        project=next((slug for each in metric.projects if (slug := cut(each, limits.NAME))), None),
        title=cut(data.description_title, limits.TITLE) or cut(metric.title, limits.TITLE),
        message=cut(data.description_text, limits.MESSAGE),
        details=occurrence.metric_details(metric, data.description_text),
        environment=glance.environment,
        occurred_at=glance.occurred_at,
        rule=cut(metric.rule_name, limits.TITLE),
        sentry_url=glance.sentry_url,
        aliases=glance.aliases,
        incident=glance.incident,
    )
