"""One frame of a stack, from Sentry's shape to ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter
from sys import getsizeof

from msgspec import Struct

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Frame
from booty.observability.alerts.keeping.remembered import Remembered
from booty.observability.alerts.limits import cut, cut_start
from booty.observability.alerts.stack.dependencies import is_dependency
from booty.observability.sentry.event.variables import variables
from booty.observability.sentry.schema.reading.fitting import mapping, several
from booty.observability.sentry.schema.stack import SentFrame

NAMELESS = frozenset({"?", "<unknown>", "<redacted>", "unknown", "[unknown]"})
"""What SDKs call a function whose name nobody knows."""
PACKAGE = "package:"
"""Before a file of Dart's, whose name alone the other field has."""
URL = re.compile(r"(?:res|user)://|[A-Za-z][A-Za-z0-9+.-]+://[^/]*")  # of Godot's, folders follow at once


NO_FILE = re.compile(r"(?:app:///|/)?native|\[[a-z ]+\]|<[\w. -]+>")
"""What engines and compilers name in the place of a file: `native`, `[native code]`, `[internal]`, `<anonymous>`."""

Sent = tuple[str | None, str | None, str | None, str | None, str | None, str | None, int | None, str | None]
sent_of: Callable[[SentFrame], Sent] = attrgetter(
    "filename", "abs_path", "module", "function", "package", "instruction_addr", "lineno", "context_line"
)
"""Return what of a frame tells which call it is, and last what stands there."""
ROOM, ROOM_OF_LINES, ENTRY = 400_000, 100_000, 600
"""Bytes for the frames and for the lines that are remembered, and what one entry takes beside its texts."""


Lines = tuple[tuple[str, ...], tuple[str, ...]]
"""Those before the line of a call, those after it."""


class ReadFrame(Struct, frozen=True, gc=False):
    """What a sent frame says by itself, wherever in a stack it is."""

    frame: Frame
    own: Frame
    """As one of the app's own."""
    is_others: bool
    """It is not a file, or lies where other people's code does."""


_known = Remembered[Sent, ReadFrame](ROOM)  # the alerts of one program share most of their frames
_lines_known = Remembered[tuple[bytes, bytes], Lines](ROOM_OF_LINES)


def read_frame(sent: Sent) -> ReadFrame:
    """Return what a frame says by itself."""
    return _known.get(sent) or _known.keep(sent, _read(sent), ENTRY + sum(map(getsizeof, sent)))


def _read(sent: Sent) -> ReadFrame:
    filename, abs_path, module, function, package, address, line, source = sent
    is_whole = (abs_path or "").startswith(PACKAGE) and "/" not in (filename or "")
    path, absolute = _path(abs_path if is_whole else filename or abs_path), _path(abs_path)
    frame = Frame(
        path=path,
        absolute_path=None if absolute == path else absolute,
        module=cut(module, limits.NAME),
        function=None if function in NAMELESS else cut(function, limits.NAME),
        line=line,
        source=_line(source),
        package=cut_start(_binary(package), limits.NAME),
        address=cut(address, limits.NAME),
    )
    is_no_file = line is None and NO_FILE.fullmatch(filename or abs_path or "") is not None
    return ReadFrame(
        frame=frame,
        own=frame.but(in_app=True),
        is_others=is_no_file or is_dependency(filename, abs_path),
    )


def around(sent: SentFrame, *, with_locals: bool) -> dict[str, object]:
    """Return what only the frame that crashed brings: the lines around it, and `with_locals` its local variables."""
    before, after = sides = bytes(sent.pre_context), bytes(sent.post_context)
    lines = _lines_known.get(sides) or _lines_known.keep(sides, _lines(sent), ENTRY + 2 * len(before + after))
    return {
        "before": lines[0],
        "after": lines[1],
        "locals": variables(mapping(sent.vars)) if with_locals else (),
    }


def _binary(package: str | None) -> str | None:
    """Return the binary, of a .NET assembly the name without version, culture and key."""
    return package.partition(", Version=")[0] if package else None


def _line(text: str | None) -> str | None:
    return cut(text.rstrip() if text else None, limits.SOURCE)


def _lines(sent: SentFrame) -> Lines:
    before = several(str, sent.pre_context)[-limits.MOST_CONTEXT_LINES :]
    after = several(str, sent.post_context)[: limits.MOST_CONTEXT_LINES]
    return tuple([_line(text) or "" for text in before]), tuple([_line(text) or "" for text in after])


def _path(name: str | None) -> str | None:
    """Return a file's path; of a URL the path alone, so that `webpack://shop/./src/cart.js?4f2a` is `src/cart.js`."""
    name = name and name.removeprefix(PACKAGE)
    if name and (origin := URL.match(name)):
        path = re.split(r"[?#]", name[origin.end() :], maxsplit=1)[0].removeprefix("/./")
        name = path if path.strip("/") else name
    return cut_start(name, limits.PATH)
