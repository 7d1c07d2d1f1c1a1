"""The log: one line an event, a constant name with fields; JSON, but readable on a terminal.

Modules log with the standard library, `log.info("issue_filed", extra={...})`; what a line looks like is decided here.
"""

from __future__ import annotations

import logging
import logging.config
import os
import sys
from functools import cache
from typing import Any, TextIO

from booty.observability.ops.log_lines import Lines


def configuration(*, is_terminal: bool) -> dict[str, Any]:
    """Return a `logging.config.dictConfig` that covers this service, gunicorn and every library, on stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"event": {"()": formatter, "is_terminal": is_terminal}},
        "handlers": {"stderr": {"()": AtOnce, "formatter": "event", "stream": "ext://sys.stderr"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "booty": {"level": "INFO"},
            "gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []},
            "gunicorn.access": {"level": "WARNING", "propagate": True, "handlers": []},
        },
    }


def formatter(*, is_terminal: bool) -> logging.Formatter:
    """Return what makes a line of an event."""
    return _structlogs(is_terminal=True) if is_terminal else Lines(lambda: _structlogs(is_terminal=False))


@cache
def _structlogs(*, is_terminal: bool) -> logging.Formatter:
    from booty.observability.ops.log_columns import by_structlog  # noqa: PLC0415 - a start as a service is faster without

    return by_structlog(is_terminal=is_terminal)


class AtOnce(logging.Handler):
    """Writes each event in one call of the system, which keeps lines apart: no thread waits for another's."""

    def __init__(self, stream: TextIO) -> None:
        """Write to where the stream leads."""
        super().__init__()
        self._file, self._encoding = stream.fileno(), stream.encoding

    def handle(self, record: logging.LogRecord) -> bool:
        """Write an event, if no filter is against it; without the library's lock."""
        is_shown = not self.filters or bool(self.filter(record))
        if is_shown:
            self.emit(record)
        return is_shown

    def emit(self, record: logging.LogRecord) -> None:
        """Write an event."""
        try:
            rest = f"{self.format(record)}\n".encode(self._encoding, "backslashreplace")
            while rest:  # but for a signal amid it, once
                rest = rest[os.write(self._file, rest) :]
        except Exception:  # noqa: BLE001 - as the library's own handlers: a log that fails must not fail the work
            self.handleError(record)


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
