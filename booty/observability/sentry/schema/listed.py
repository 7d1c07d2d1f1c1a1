"""What Sentry's web API answers, in its own shape: rows of the list of issues, an issue's activity, an event's id."""

from __future__ import annotations

from pydantic import AliasChoices, AliasPath, Field

from booty.observability.sentry.schema.lenient import Lenient, Moment, Several, Text


class SentListedIssue(Lenient):
    """One row of the list of an organization's issues."""

    id: Text = None
    title: Text = None
    culprit: Text = None
    level: Text = None
    status: Text = None
    substatus: Text = None
    category: Text = Field(None, validation_alias="issueCategory")
    permalink: Text = None
    project: Text = Field(None, validation_alias=AliasPath("project", "id"))
    slug: Text = Field(None, validation_alias=AliasPath("project", "slug"))
    first_seen: Moment = Field(None, validation_alias="firstSeen")
    last_seen: Moment = Field(None, validation_alias="lastSeen")
    type: Text = Field(None, validation_alias=AliasPath("metadata", "type"))
    value: Text = Field(None, validation_alias=AliasPath("metadata", "value"))
    filename: Text = Field(None, validation_alias=AliasPath("metadata", "filename"))
    function: Text = Field(None, validation_alias=AliasPath("metadata", "function"))


class SentListing(Lenient):
    """A page of the list."""

    rows: Several[SentListedIssue] = ()


class SentActivity(Lenient):
    """Something that happened to an issue."""

    type: Text = None
    created: Moment = Field(None, validation_alias="dateCreated")


class SentIssueDetails(Lenient):
    """An issue by itself, as far as it says more than its row."""

    activity: Several[SentActivity] = ()
    first_seen: Moment = Field(None, validation_alias="firstSeen")
    last_seen: Moment = Field(None, validation_alias="lastSeen")


class SentLatest(Lenient):
    """The last event of an issue, in the shape that the API gives it by default."""

    id: Text = Field(None, validation_alias=AliasChoices("eventID", "id"))
