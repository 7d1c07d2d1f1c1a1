"""One frame of a stack, from Sentry's shape to ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Frame
from booty.observability.alerts.limits import cut, cut_start
from booty.observability.sentry.event.variables import variables
from booty.observability.sentry.schema.reading.fitting import mapping, several
from booty.observability.sentry.schema.stack import SentFrame

NAMELESS = frozenset({"?", "<unknown>", "<redacted>", "unknown", "[unknown]"})
"""What SDKs call a function whose name nobody knows."""
PACKAGE = "package:"
"""Before a file of Dart's, whose name alone the other field has."""
URL = re.compile(r"(?:res|user)://|[A-Za-z][A-Za-z0-9+.-]+://[^/]*")  # of Godot's, folders follow at once


def frame_of(run: tuple[SentFrame, int], *, is_own: bool, is_crash: bool, with_locals: bool, left_out: int) -> Frame:
    """Return the frame of a `run`, one that comes so many times in a row.

    `is_own`: the app's own; `is_crash`: it brings the lines around it, and `with_locals` its local variables;
    `left_out` older ones were.
    """
    frame, times = run
    is_whole = (frame.abs_path or "").startswith(PACKAGE) and "/" not in (frame.filename or "")
    path = _path(frame.abs_path if is_whole else frame.filename or frame.abs_path)
    absolute = _path(frame.abs_path)
    return Frame(
        path=path,
        absolute_path=None if absolute == path else absolute,
        module=cut(frame.module, limits.NAME),
        function=None if frame.function in NAMELESS else cut(frame.function, limits.NAME),
        line=frame.lineno,
        before=_lines(several(str, frame.pre_context)[-limits.MOST_CONTEXT_LINES :]) if is_crash else (),
        source=_line(frame.context_line),
        after=_lines(several(str, frame.post_context)[: limits.MOST_CONTEXT_LINES]) if is_crash else (),
        locals=variables(mapping(frame.vars)) if is_crash and with_locals else (),
        in_app=is_own,
        package=cut_start(_binary(frame.package), limits.NAME),
        address=cut(frame.instruction_addr, limits.NAME),
        times=times,
        left_out=left_out,
    )


def _binary(package: str | None) -> str | None:
    """Return the binary, of a .NET assembly the name without version, culture and key."""
    return package.partition(", Version=")[0] if package else None


def _line(text: str | None) -> str | None:
    return cut(text.rstrip() if text else None, limits.SOURCE)


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(_line(text) or "" for text in texts)


def _path(name: str | None) -> str | None:
    """Return a file's path; of a URL the path alone, so that `webpack://shop/./src/cart.js?4f2a` is `src/cart.js`."""
    name = name and name.removeprefix(PACKAGE)
    if name and (origin := URL.match(name)):
        path = re.split(r"[?#]", name[origin.end() :], maxsplit=1)[0].removeprefix("/./")
        name = path if path.strip("/") else name
    return cut_start(name, limits.PATH)
