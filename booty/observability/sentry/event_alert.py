"""An event becomes an alert."""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Alert
from booty.observability.alerts.limits import cut
from booty.observability.sentry.event import context, feedback, identity, occurrence, pages, stacktrace, summary
from booty.observability.sentry.event.variables import variables
from booty.observability.sentry.glance import Glance, Origin
from booty.observability.sentry.marks import OURS, OWN_TAG, is_marked
from booty.observability.sentry.resources import InvalidPayload
from booty.observability.sentry.schema.body import SentData
from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.reading.moments import moment

EVENT_IDS = ("issue_id", "issue_url", "hashes")


def glance_at_event(  # noqa: PLR0913 - the parts of a body, and how to read it
    event: SentEvent,
    data: SentData,
    body: bytes,
    secrets: Sequence[str],
    installation: str | None,
    *,
    with_locals: bool,
) -> Glance:
    """Return what decides about the alert of an event. Raises `InvalidPayload`: nothing tells which problem it is.

    `secrets`, `with_locals`: as in `payload.glance`. `installation`: which one of the integration sent it.
    """
    fingerprint = identity.fingerprint(event)
    if fingerprint is None:
        raise InvalidPayload(EVENT_IDS)
    occurred = identity.occurrence(event, body)
    is_ours = event.may_have_tag(OURS)
    is_test = is_ours and is_marked(event.tags, fingerprint=fingerprint, event=occurred, secrets=secrets)
    return Glance(
        fingerprint=fingerprint,
        event=occurred,
        severity=summary.severity(event),
        read_whole=lambda glance: _event_alert(glance, event, with_locals=with_locals),
        category=occurrence.category(event),
        release=summary.release(event),
        environment=summary.environment(event),
        occurred_at=limits.moment(moment(event.datetime)) or limits.moment(moment(event.timestamp)),
        sentry_url=pages.issue_page(event),
        own=is_ours and OWN_TAG in event.tags and not is_test,
        is_test=is_test,
        aliases=identity.event_aliases(event),
        installation=installation,
        read_origin=lambda: _origin(event, data),
    )


def _origin(event: SentEvent, data: SentData) -> Origin:
    rule = cut(data.triggered_rule, limits.TITLE) or cut(data.rule_title, limits.TITLE)
    return Origin(identity.project(event), rule, summary.title(event), event.tags)


def _event_alert(glance: Glance, event: SentEvent, *, with_locals: bool) -> Alert:
    raised, raised_left_out = stacktrace.raised(event.exceptions, with_locals=with_locals)
    message, details = occurrence.words(event)
    contexts = context.contexts(event.contexts)
    breadcrumbs, breadcrumbs_before = context.breadcrumbs(event.breadcrumbs)
    alert = Alert(
        fingerprint=glance.fingerprint,
        event=glance.event,
        severity=glance.severity,
        project=glance.project,
        title=glance.title,
        message=message or (None if event.occurrence else summary.message(event)),
        detected=summary.detected(event),
        category=glance.category,
        details=details or (variables(thrown) if (thrown := event.thrown) else ()),
        culprit=summary.culprit(event),
        environment=glance.environment,
        release=glance.release,
        occurred_at=glance.occurred_at,
        rule=glance.rule,
        sentry_url=glance.sentry_url,
        raised=raised,
        raised_left_out=raised_left_out,
        is_handled=summary.is_handled(event) if raised else None,
        stack=() if any(each.frames for each in raised) else stacktrace.stack(event, with_locals=with_locals),
        request=context.request(event),
        breadcrumbs=breadcrumbs,
        breadcrumbs_before=breadcrumbs_before,
        contexts=contexts,
        tags=() if glance.is_test else context.tags(event.tags, contexts),
        is_test=glance.is_test,
        own=glance.own,
        aliases=glance.aliases,
    )
    return feedback.without_sender(alert, event) if alert.category == feedback.CATEGORY else alert
