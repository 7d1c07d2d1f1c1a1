"""An event, in Sentry's shape."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, field

from booty.observability.sentry.schema.occurrence import SentOccurrence
from booty.observability.sentry.schema.reading.fitting import mapping, pairs, part, picked, several, values
from booty.observability.sentry.schema.reading.once import once
from booty.observability.sentry.schema.reading.plain import as_text
from booty.observability.sentry.schema.reading.typed import Id, Moment, Text, Typed, later
from booty.observability.sentry.schema.stack import SentException, SentFrame, SentStack, SentThread
from booty.observability.sentry.schema.surroundings import (
    SentBreadcrumb,
    SentContexts,
    SentExtra,
    SentLogEntry,
    SentMetadata,
    SentRequest,
    SentUser,
)


class SentEvent(Typed, dict=True, gc=True):
    """`data.event` of an event alert, `data.error` of an error: the same shape."""

    event_id: Text = None
    type: Text = None
    project_id: Id = field(name="project", default=None)
    issue_id: Text = None
    issue_url: Text = None
    raw_hashes: Raw = later("hashes")
    url: Text = None
    web_url: Text = None
    title: Text = None
    message: Text = None
    logentry: SentLogEntry | None = None
    metadata: SentMetadata | None = None
    culprit: Text = None
    logger: Text = None
    level: Text = None
    release: Text = None
    environment: Text = None
    datetime: Moment = None
    timestamp: Moment = None
    raw_tags: Raw = later("tags")
    contexts: SentContexts | None = None
    request: SentRequest | None = None
    user: SentUser | None = None
    raw_exception: Raw = later("exception")
    raw_stacktrace: Raw = later("stacktrace")
    raw_threads: Raw = later("threads")
    raw_breadcrumbs: Raw = later("breadcrumbs")
    raw_occurrence: Raw = later("occurrence")
    extra: SentExtra | None = None

    @property
    def project(self) -> str | None:
        """The project's number."""
        return as_text(self.project_id)

    @property
    def hashes(self) -> tuple[str, ...]:
        """What Sentry groups it by."""
        return several(str, self.raw_hashes)

    def may_have_tag(self, start: bytes) -> bool:
        """Return whether a tag may begin like that; if not, that spares reading them."""
        sent = bytes(self.raw_tags)
        return start in sent or b"\\" in sent

    @once
    def tags(self) -> tuple[tuple[str, str], ...]:
        """Key by value."""
        return pairs(self.raw_tags)

    @once
    def exceptions(self) -> tuple[SentException, ...]:
        """The root cause first, the exception that was raised last."""
        return values(SentException, self.raw_exception)

    @property
    def frames(self) -> tuple[SentFrame, ...]:
        """The calls of an event without an exception."""
        stack = part(SentStack, self.raw_stacktrace)
        return stack.frames if stack else ()

    @property
    def threads(self) -> tuple[SentThread, ...]:
        """The threads of a crashed process."""
        return values(SentThread, self.raw_threads)

    @property
    def breadcrumbs(self) -> tuple[SentBreadcrumb, ...]:
        """What happened before, oldest first."""
        return values(SentBreadcrumb, self.raw_breadcrumbs)

    @once
    def occurrence(self) -> SentOccurrence | None:
        """What a detector found."""
        return picked(SentOccurrence, self.raw_occurrence)

    @property
    def thrown(self) -> dict[str, Any]:
        """What JavaScript threw that was not an error."""
        return mapping(self.extra.serialized) if self.extra else {}
