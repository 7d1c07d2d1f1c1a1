"""What broke, in Sentry's shape: exceptions, threads, their frames."""

from __future__ import annotations

from pydantic import AliasPath, Field

from booty.observability.sentry.schema.lenient import Flag, Lenient, Maybe, Position, Several, Text, Word


class SentFrame(Lenient):
    """One call; a native one may have nothing but its address."""

    filename: Text = None
    abs_path: Text = None
    function: Text = None
    module: Text = None
    package: Text = None
    instruction_addr: Text = None
    lineno: Position = None
    context_line: Text = None
    pre_context: Several[Word] = ()
    post_context: Several[Word] = ()
    in_app: Flag = False


class SentMechanism(Lenient):
    """How the error was caught; an exception group's tree hangs on its ids."""

    exception_id: Maybe[int] = None
    handled: Maybe[bool] = None


class SentException(Lenient):
    """One exception of the chain."""

    type: Text = None
    value: Text = None
    mechanism: Maybe[SentMechanism] = None
    frames: Several[SentFrame] = Field((), validation_alias=AliasPath("stacktrace", "frames"))


class SentThread(Lenient):
    """One thread of a crashed process."""

    crashed: Flag = False
    current: Flag = False
    frames: Several[SentFrame] = Field((), validation_alias=AliasPath("stacktrace", "frames"))
