"""The log: one line an event, a constant name with fields; JSON, but readable on a terminal.

Modules log with the standard library, `log.info("issue_filed", extra={...})`; what a line looks like is decided here.
"""

from __future__ import annotations

import logging
import logging.config
import os
import select
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from time import monotonic
from typing import Any, TextIO

from booty.observability.ops.log_lines import Lines

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.1
"""How long a reader that takes nothing is waited for, once; Sentry waits one second for what follows a line."""


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
    """Writes each event in one call of the system, which keeps lines apart: no thread waits for another's.

    Nor for whoever should read them: what a log that stands still does not take is lost, and counted.
    """

    def __init__(self, stream: TextIO) -> None:
        """Write to where the stream leads."""
        super().__init__()
        self._file, self._encoding = stream.fileno(), stream.encoding
        self._send = _without_waiting(self._file)
        self._lost = 0

    def handle(self, record: logging.LogRecord) -> bool:
        """Write an event, if no filter is against it; without the library's lock."""
        is_shown = not self.filters or bool(self.filter(record))
        if is_shown:
            self.emit(record)
        return is_shown

    def emit(self, record: logging.LogRecord) -> None:
        """Write an event."""
        try:
            self._write(f"{self.format(record)}\n".encode(self._encoding, "backslashreplace"))
        except BlockingIOError:
            self._lost += 1
        except Exception:  # noqa: BLE001 - as the library's own handlers: a log that fails must not fail the work
            self.handleError(record)
        else:
            if self._lost:
                lost, self._lost = self._lost, 0
                log.warning("log_lines_lost", extra={"times": lost})

    def _write(self, line: bytes) -> None:
        """Write a line. Raises `BlockingIOError`: nobody takes it in time, and after another that was lost at once."""
        rest = b"\n" + line if self._lost else line  # the lost one may have been cut
        ends_at = monotonic() + PATIENCE_SECONDS
        while rest:
            try:
                rest = rest[self._send(rest) :]
            except BlockingIOError:
                seconds = 0.0 if self._lost else ends_at - monotonic()
                if seconds <= 0 or not select.select([], [self._file], [], seconds)[1]:
                    raise


def _without_waiting(file: int) -> Callable[[bytes], int]:
    """Return what writes to a pipe, a socket, such as journald's, or a terminal without waiting.

    Where it would have to wait, as for a terminal that Ctrl-S has stopped, it raises `BlockingIOError`.

    Whoever shares the other end of it (a shell, a program beside) still waits: only what is opened here does not.
    """
    mode = os.fstat(file).st_mode
    if stat.S_ISSOCK(mode):
        own = socket.socket(fileno=os.dup(file))
        return lambda line: own.send(line, socket.MSG_DONTWAIT)
    if stat.S_ISFIFO(mode) or os.isatty(file):
        flags = os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        with suppress(OSError):  # another user's, or no /proc
            return partial(os.write, os.open(f"/proc/self/fd/{file}", flags))
    return partial(os.write, file)


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
