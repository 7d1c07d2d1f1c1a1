"""Changes of a problem's status in Sentry: created, resolved, unresolved, muted.

Sentry keeps no order, may repeat itself, and sends no time of the change: `last_seen` is the newest event that Sentry
knew of, or the end of a metric alert. The change is that of a fingerprint; what becomes of it is not decided here.
"""

from __future__ import annotations

from booty.observability.alerts import limits
from booty.observability.alerts.limits import cut
from booty.observability.alerts.status_change import Change, StatusChange
from booty.observability.sentry.event import identity, pages
from booty.observability.sentry.metric_alert import METRIC_IDS
from booty.observability.sentry.payload import envelope_in
from booty.observability.sentry.resources import InvalidPayload, NotHandled, resource_of
from booty.observability.sentry.schema.body import Envelope, SentData, SentIssue
from booty.observability.sentry.schema.metric import SentMetricAlert

# The documentation says `archived`, the list of what an integration can subscribe to says `ignored`.
ISSUE_CHANGES: dict[str, Change] = {
    "created": "created",
    "resolved": "resolved",
    "unresolved": "unresolved",
    "ignored": "muted",
    "archived": "muted",
}
METRIC_CHANGES: dict[str, Change] = {"resolved": "resolved"}
PERSON = "user"
REGRESSED = "regressed"


def parse_status_change(body: bytes, resource: str | None) -> StatusChange:
    """Return the status change in `body`; raise NotHandled or InvalidPayload, nothing else, when there is none.

    Read are the `issue` webhooks and the end of a metric alert. `resource` only names what is not handled.
    """
    envelope = envelope_in(body)
    data, action = envelope.data or SentData(), (envelope.action or "").lower()
    # An activity alert brings an issue as well, but no change of it.
    if data.issue is not None and not data.has_activity and action in ISSUE_CHANGES:
        return _issue_change(envelope, data.issue, body, change=ISSUE_CHANGES[action])
    if data.metric_alert is not None and action in METRIC_CHANGES:
        return _metric_change(envelope, data.metric_alert, data.web_url, body, change=METRIC_CHANGES[action])
    if name := resource_of(data, resource):
        raise NotHandled(name)
    raise InvalidPayload(("data.issue",))


def _issue_change(envelope: Envelope, issue: SentIssue, body: bytes, *, change: Change) -> StatusChange:
    fingerprint = identity.issue_fingerprint(issue)
    if fingerprint is None:
        raise InvalidPayload(("issue.id",))
    return StatusChange(
        fingerprint=fingerprint,
        change=change,
        key=identity.body_id(body),
        actor=cut(envelope.actor_name, limits.NAME),
        by_person=envelope.actor_type == PERSON,
        release=cut(issue.release, limits.TITLE),
        is_regression=issue.substatus == REGRESSED,
        last_seen=limits.moment(issue.last_seen),
        first_seen=limits.moment(issue.first_seen),
        events=issue.events,
        users=issue.users,
        aliases=identity.issue_aliases(issue.id),
        sentry_url=pages.page(issue.web_url),
        short_id=identity.short_id(issue.short_id),
    )


def _metric_change(
    envelope: Envelope, metric: SentMetricAlert, web_url: str | None, body: bytes, *, change: Change
) -> StatusChange:
    fingerprint = identity.metric_fingerprint(metric)
    if fingerprint is None:
        raise InvalidPayload(METRIC_IDS)
    return StatusChange(
        fingerprint=fingerprint,
        change=change,
        key=identity.body_id(body),
        actor=cut(envelope.actor_name, limits.NAME),
        by_person=envelope.actor_type == PERSON,
        last_seen=limits.moment(metric.date_closed),
        aliases=identity.metric_aliases(metric, web_url),
        sentry_url=pages.metric_page(web_url),
        incident=metric.incident,
    )
