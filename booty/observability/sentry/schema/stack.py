"""What broke, in Sentry's shape: exceptions, threads, their frames."""

from __future__ import annotations

from msgspec import Raw

from booty.observability.sentry.schema.reading.typed import Flag, Position, Text, Typed, Whole, later


class SentFrame(Typed):
    """One call; a native one may have nothing but its address."""

    filename: Text = None
    abs_path: Text = None
    function: Text = None
    module: Text = None
    package: Text = None
    instruction_addr: Text = None
    lineno: Position = None
    context_line: Text = None
    in_app: Flag = None
    pre_context: Raw = later("pre_context")
    post_context: Raw = later("post_context")
    vars: Raw = later("vars")
    """The local variables, which are most of a body."""


class SentStack(Typed):
    """Calls, the oldest first."""

    frames: tuple[SentFrame, ...] = ()


class SentMechanism(Typed):
    """How the error was caught; an exception group's tree hangs on its ids."""

    exception_id: Whole = None
    handled: Flag = None


class Stacked(Typed):
    """What has a stack."""

    stacktrace: SentStack | None = None

    @property
    def frames(self) -> tuple[SentFrame, ...]:
        """The calls, the oldest first."""
        return self.stacktrace.frames if self.stacktrace else ()


class SentException(Stacked):
    """One exception of the chain."""

    type: Text = None
    value: Text = None
    mechanism: SentMechanism | None = None


class SentThread(Stacked):
    """One thread of a crashed process."""

    crashed: Flag = None
    current: Flag = None
