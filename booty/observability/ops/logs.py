"""The log: one line an event, a constant name with fields; JSON, but readable on a terminal.

Modules log with the standard library, `log.info("issue_filed", extra={...})`; what a line looks like is decided here.
"""

from __future__ import annotations

import logging
import logging.config
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from booty.observability.ops.log_lines import Lines

PACKAGE = "booty"
TRACEBACK = "Traceback (most recent call last):\n"


def _where_it_broke(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write an exception of ours as its type and its frames: its words may be those of an alert."""
    raised = event.get("exc_info")
    if str(event.get("logger", "")).startswith(PACKAGE) and isinstance(raised, tuple) and raised[0] is not None:
        del event["exc_info"]
        event["exception"] = "".join([TRACEBACK, *traceback.format_tb(raised[2]), raised[0].__qualname__])
    return event


def configuration(*, is_terminal: bool) -> dict[str, Any]:
    """Return a `logging.config.dictConfig` that covers this service, gunicorn and every library, on stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"event": {"()": formatter, "is_terminal": is_terminal}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event", "stream": "ext://sys.stderr"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "booty": {"level": "INFO"},
            "gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []},
            "gunicorn.access": {"level": "WARNING", "propagate": True, "handlers": []},
        },
    }


def formatter(*, is_terminal: bool) -> logging.Formatter:
    """Return what makes a line of an event."""
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=True)]
        if is_terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    )
    kind = structlog.stdlib.ProcessorFormatter if is_terminal else Lines
    return kind(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _where_it_broke, *last],
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
    )


class UnlessTheHostLogs(logging.StreamHandler[TextIO]):
    """Shows lines on stderr as long as nobody else shows them: a host may set its log up after us."""

    def emit(self, record: logging.LogRecord) -> None:
        """Show a line if no other handler does."""
        if all(handler is self for handler in (*logging.getLogger("booty").handlers, *logging.getLogger().handlers)):
            super().emit(record)


def show_in_a_host() -> None:
    """Let our lines be seen in a process whose log is its host's business."""
    ours = logging.getLogger("booty")
    if ours.level == logging.NOTSET:
        ours.setLevel(logging.INFO)
    if not any(isinstance(handler, UnlessTheHostLogs) for handler in ours.handlers):
        handler = UnlessTheHostLogs(sys.stderr)
        handler.setFormatter(formatter(is_terminal=sys.stderr.isatty()))
        ours.addHandler(handler)


def omit_unshown() -> None:
    """Spare every record what no line shows: source, thread, process.

    (https://docs.python.org/3/howto/logging.html#optimization)
    """
    logging._srcfile = None  # noqa: SLF001 - the page's own way
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def configure() -> None:
    """Set the log up for this process; under gunicorn its own settings file does it."""
    omit_unshown()
    logging.config.dictConfig(configuration(is_terminal=sys.stderr.isatty()))
