"""An event, in Sentry's shape."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, AliasPath, Field

from booty.observability.sentry.schema.lenient import Lenient, Maybe, Moment, Several, Text, Word
from booty.observability.sentry.schema.occurrence import SentFeedback, SentMonitor, SentOccurrence
from booty.observability.sentry.schema.stack import SentException, SentFrame, SentThread


class SentBreadcrumb(Lenient):
    """What happened before; both message and data are optional."""

    timestamp: Moment = None
    type: Text = None
    category: Text = None
    level: Text = None
    message: Text = None
    data: Maybe[dict[str, Any]] = None


class SentContext(Lenient):
    """One piece of the surroundings, such as the operating system."""

    name: Text = None
    version: Text = None
    model: Text = None
    family: Text = None


class SentContexts(Lenient):
    """The surroundings worth showing."""

    runtime: Maybe[SentContext] = None
    os: Maybe[SentContext] = None
    client_os: Maybe[SentContext] = None
    browser: Maybe[SentContext] = None
    device: Maybe[SentContext] = None
    monitor: Maybe[SentMonitor] = None
    feedback: Maybe[SentFeedback] = None


class SentEvent(Lenient):
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
    contexts: Maybe[SentContexts] = None
    request_url: Text = Field(None, validation_alias=AliasPath("request", "url"))
    request_method: Text = Field(None, validation_alias=AliasPath("request", "method"))
    user_email: Text = Field(None, validation_alias=AliasPath("user", "email"))
    user_name: Text = Field(None, validation_alias=AliasPath("user", "name"))
    username: Text = Field(None, validation_alias=AliasPath("user", "username"))
    exceptions: Several[SentException] = Field(
        (), validation_alias=AliasChoices(AliasPath("exception", "values"), "exception")
    )
    """The root cause first, the exception that was raised last."""
    frames: Several[SentFrame] = Field((), validation_alias=AliasPath("stacktrace", "frames"))
    threads: Several[SentThread] = Field((), validation_alias=AliasChoices(AliasPath("threads", "values"), "threads"))
    breadcrumbs: Several[SentBreadcrumb] = Field(
        (), validation_alias=AliasChoices(AliasPath("breadcrumbs", "values"), "breadcrumbs")
    )
    occurrence: Maybe[SentOccurrence] = None
    thrown: Maybe[dict[str, Any]] = Field(None, validation_alias=AliasPath("extra", "__serialized__"))
    """What JavaScript threw that was not an error."""
