"""What Sentry's web API answers, in its own shape: rows of the list of issues, an issue's activity, an event's id."""

from __future__ import annotations

from booty.observability.sentry.schema.reading.by_path import Picked, at
from booty.observability.sentry.schema.reading.typed import Text, Time


class SentListedIssue(Picked):
    """One row of the list of an organization's issues."""

    id: Text = None
    title: Text = None
    culprit: Text = None
    level: Text = None
    status: Text = None
    substatus: Text = None
    category: Text = at("issueCategory")
    permalink: Text = None
    project: Text = at("project.id")
    slug: Text = at("project.slug")
    first_seen: Time = at("firstSeen")
    last_seen: Time = at("lastSeen")
    type: Text = at("metadata.type")
    value: Text = at("metadata.value")
    filename: Text = at("metadata.filename")
    function: Text = at("metadata.function")


class SentActivity(Picked):
    """Something that happened to an issue."""

    type: Text = None
    created: Time = at("dateCreated")


class SentIssueDetails(Picked):
    """An issue by itself, as far as it says more than its row."""

    activity: tuple[SentActivity, ...] = ()
    first_seen: Time = at("firstSeen")
    last_seen: Time = at("lastSeen")


class SentLatest(Picked):
    """The last event of an issue, in the shape that the API gives it by default."""

    id: Text = at("eventID", "id")
