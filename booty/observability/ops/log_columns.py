"""The log lines that structlog writes: all of them on a terminal, in columns; on a pipe, what was logged by it."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from booty.observability.log_context import said
from booty.observability.ops.log_lines import PACKAGE, where_it_broke

Event = MutableMapping[str, Any]


def by_structlog(*, is_terminal: bool) -> logging.Formatter:
    """Return what makes a line of an event."""
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=True)]
        if is_terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    )
    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_words, *last],
        foreign_pre_chain=[
            _in_context,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
    )


def _in_context(_: object, __: str, event: Event) -> Event:
    event.update(said())
    return event


def _without_words(_: object, __: str, event: Event) -> Event:
    """Leave an exception's words out of an event of ours."""
    raised = event.get("exc_info")
    if str(event.get("logger", "")).startswith(PACKAGE) and isinstance(raised, tuple) and raised[0] is not None:
        del event["exc_info"]
        event["exception"] = where_it_broke(raised[0], raised[2])
    return event
