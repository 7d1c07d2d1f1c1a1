"""A metric alert of Sentry's becomes an alert."""

from __future__ import annotations

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Alert
from booty.observability.alerts.limits import cut
from booty.observability.alerts.severity import Severity
from booty.observability.sentry.event import identity, occurrence, pages
from booty.observability.sentry.glance import Glance, Origin
from booty.observability.sentry.resources import InvalidPayload
from booty.observability.sentry.schema.body import SentData
from booty.observability.sentry.schema.metric import SentMetricAlert

METRIC_IDS = ("metric_alert.id", "metric_alert.alert_rule.id")


def glance_at_metric(
    metric: SentMetricAlert, data: SentData, body: bytes, installation: str | None, *, severity: Severity
) -> Glance:
    """Return what decides about a metric alert. Raises `InvalidPayload`: nothing tells which rule it is of.

    `installation`: which one of the integration sent it.
    """
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
        sentry_url=pages.metric_page(data.web_url),
        kind="metric",
        aliases=identity.metric_aliases(metric, data.web_url),
        incident=metric.incident,
        installation=installation,
        read_origin=lambda: _origin(metric, data),
    )


def _origin(metric: SentMetricAlert, data: SentData) -> Origin:
    return Origin(
        next((slug for each in metric.projects if (slug := cut(each, limits.NAME))), None),
        cut(metric.rule_name, limits.TITLE),
        cut(data.description_title, limits.TITLE) or cut(metric.title, limits.TITLE),
    )


def _metric_alert(glance: Glance, metric: SentMetricAlert, data: SentData) -> Alert:
    return Alert(
        kind=glance.kind,
        category=glance.category,
        fingerprint=glance.fingerprint,
        event=glance.event,
        severity=glance.severity,
        project=glance.project,
        title=glance.title,
        message=cut(data.description_text, limits.MESSAGE),
        details=occurrence.metric_details(metric, data.description_text),
        environment=glance.environment,
        occurred_at=glance.occurred_at,
        rule=glance.rule,
        sentry_url=glance.sentry_url,
        aliases=glance.aliases,
        incident=glance.incident,
    )
