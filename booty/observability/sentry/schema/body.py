"""Sentry's webhook bodies, as far as we read them.

This room has Sentry's shapes with Sentry's names and order; `payload` turns them into our own words. Sources: the
pages of https://docs.sentry.io/organization/integrations/integration-platform/webhooks/ and, for the event,
https://develop.sentry.dev/sdk/data-model/event-payloads/.
"""

from __future__ import annotations

from typing import Any

from pydantic import AliasPath, Field

from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.lenient import (
    Count,
    Lenient,
    Maybe,
    Moment,
    Text,
)
from booty.observability.sentry.schema.metric import SentMetricAlert


class SentIssue(Lenient):
    """`data.issue` of an issue webhook: Sentry's group, without any event of it."""

    id: Text = None
    short_id: Text = Field(None, validation_alias="shortId")
    project: Text = Field(None, validation_alias=AliasPath("project", "id"))
    substatus: Text = None
    release: Text = Field(None, validation_alias=AliasPath("statusDetails", "inRelease"))
    last_seen: Moment = Field(None, validation_alias="lastSeen")
    events: Count = Field(None, validation_alias="count")
    """Sentry writes this number as text, the next one as a number."""
    users: Count = Field(None, validation_alias="userCount")
    web_url: Text = None


class SentData(Lenient):
    """`data`: which of its keys is there tells the resource, because the header that names it is not signed."""

    event: Maybe[SentEvent] = None
    error: Maybe[SentEvent] = None
    metric_alert: Maybe[SentMetricAlert] = None
    triggered_rule: Text = None
    rule_title: Text = Field(None, validation_alias=AliasPath("issue_alert", "title"))
    description_title: Text = None
    description_text: Text = None
    web_url: Text = None
    activity: Maybe[dict[str, Any]] = None
    comment_id: Text = None
    installation: Maybe[dict[str, Any]] = None
    issue: Maybe[SentIssue] = None
    run_id: Text = None


class Envelope(Lenient):
    """What every webhook body has in common."""

    action: Text = None
    actor_type: Text = Field(None, validation_alias=AliasPath("actor", "type"))
    actor_name: Text = Field(None, validation_alias=AliasPath("actor", "name"))
    installation: Text = Field(None, validation_alias=AliasPath("installation", "uuid"))
    data: Maybe[SentData] = None
