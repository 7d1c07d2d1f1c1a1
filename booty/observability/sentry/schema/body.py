"""Sentry's webhook bodies, as far as we read them.

This room has Sentry's shapes with Sentry's names and order; `payload` turns them into our own words. Sources: the
pages of https://docs.sentry.io/organization/integrations/integration-platform/webhooks/ and, for the event,
https://develop.sentry.dev/sdk/data-model/event-payloads/.
"""

from __future__ import annotations

from msgspec import Raw, field

from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.metric import SentMetricAlert
from booty.observability.sentry.schema.reading.by_path import Picked, at
from booty.observability.sentry.schema.reading.fitting import picked
from booty.observability.sentry.schema.reading.once import once
from booty.observability.sentry.schema.reading.typed import Count, Id, Text, Time, Typed, later


class SentIssue(Picked):
    """`data.issue` of an issue webhook: Sentry's group, without any event of it."""

    id: Text = None
    short_id: Text = at("shortId")
    project: Text = at("project.id")
    substatus: Text = None
    release: Text = at("statusDetails.inRelease")
    first_seen: Time = at("firstSeen")
    last_seen: Time = at("lastSeen")
    events: Count = at("count")
    """Sentry writes this number as text, the next one as a number."""
    users: Count = at("userCount")
    web_url: Text = None


class SentRule(Typed):
    """`data.issue_alert`: the alert rule, where its name is not beside it."""

    title: Text = None


class SentData(Typed, dict=True, gc=True):
    """`data`: which of its keys is there tells the resource, because the header that names it is not signed."""

    event: SentEvent | None = None
    error: SentEvent | None = None
    raw_metric_alert: Raw = later("metric_alert")
    triggered_rule: Text = None
    issue_alert: SentRule | None = None
    description_title: Text = None
    description_text: Text = None
    web_url: Text = None
    raw_activity: Raw = later("activity")
    comment_id: Id = None
    raw_installation: Raw = later("installation")
    raw_issue: Raw = later("issue")
    run_id: Id = None

    @once
    def metric_alert(self) -> SentMetricAlert | None:
        """A metric alert."""
        return picked(SentMetricAlert, self.raw_metric_alert)

    @once
    def issue(self) -> SentIssue | None:
        """An issue, of which something is told."""
        return picked(SentIssue, self.raw_issue)

    @property
    def rule_title(self) -> str | None:
        """The name of the alert rule, by another key."""
        return self.issue_alert.title if self.issue_alert else None

    @property
    def has_activity(self) -> bool:
        """Whether it tells what somebody did."""
        return bytes(self.raw_activity).startswith(b"{")

    @property
    def has_installation(self) -> bool:
        """Whether the integration was installed or removed."""
        return bytes(self.raw_installation).startswith(b"{")


class SentActor(Typed):
    """Who did it."""

    type: Text = None
    name: Text = None


class SentInstalled(Typed):
    """Which installation of the integration sent it."""

    uuid: Text = None


class Envelope(Typed):
    """What every webhook body has in common."""

    action: Text = None
    actor: SentActor | None = None
    installed: SentInstalled | None = field(name="installation", default=None)
    data: SentData | None = None

    @property
    def actor_type(self) -> str | None:
        """What kind of actor it was."""
        return self.actor.type if self.actor else None

    @property
    def actor_name(self) -> str | None:
        """The actor's name."""
        return self.actor.name if self.actor else None

    @property
    def installation(self) -> str | None:
        """The installation's id."""
        return self.installed.uuid if self.installed else None
