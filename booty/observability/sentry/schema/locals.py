"""Sentry's webhook bodies once more, with the local variables of every frame.

They are most of a body, and a value of any shape each: only who wants them reads them.
"""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, AliasPath, Field

from booty.observability.sentry.schema.body import Envelope, SentData
from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.lenient import Maybe, Several
from booty.observability.sentry.schema.stack import SentException, SentFrame, SentThread


class FrameWithLocals(SentFrame):
    """A call with what it knew."""

    vars: Maybe[dict[str, Any]] = None


class ExceptionWithLocals(SentException):
    """An exception whose frames bring their locals."""

    frames: Several[FrameWithLocals] = Field((), validation_alias=AliasPath("stacktrace", "frames"))


class ThreadWithLocals(SentThread):
    """A thread whose frames bring their locals."""

    frames: Several[FrameWithLocals] = Field((), validation_alias=AliasPath("stacktrace", "frames"))


class EventWithLocals(SentEvent):
    """An event whose frames bring their locals."""

    exceptions: Several[ExceptionWithLocals] = Field(
        (), validation_alias=AliasChoices(AliasPath("exception", "values"), "exception")
    )
    frames: Several[FrameWithLocals] = Field((), validation_alias=AliasPath("stacktrace", "frames"))
    threads: Several[ThreadWithLocals] = Field(
        (), validation_alias=AliasChoices(AliasPath("threads", "values"), "threads")
    )


class DataWithLocals(SentData):
    """`data` with such an event."""

    event: Maybe[EventWithLocals] = None
    error: Maybe[EventWithLocals] = None


class EnvelopeWithLocals(Envelope):
    """A body with such an event."""

    data: Maybe[DataWithLocals] = None
