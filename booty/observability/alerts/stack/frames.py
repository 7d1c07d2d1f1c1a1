"""Where it broke: which frames of an alert a reader wants, how a place is written.

It chooses and shortens. What it returns still has to go into code, which is the part of `untrusted`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from booty.observability.alerts.alert import Alert, Frame
from booty.observability.text.untrusted import line

LONGEST = 1_000
"""Characters of a path that are read; it is redacted before its beginning is cut off, and with it a token's."""

SEGMENTS = 4
"""Of an absolute path nobody knows where the repository starts; its last parts are what differs."""
# Folders that hold a repository or a package: what follows is the path as its authors know it.
ROOTS = re.compile(r".*/(?:site-packages|dist-packages|node_modules|releases/[^/]+|current|gems)/", re.DOTALL)
CONTAINER_ROOT = re.compile(r"^/(?:app|code|workspace|usr/src/app|var/task)/(?=.)")
ABSOLUTE = re.compile(r"/|[A-Za-z]:")
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """The frames worth showing, newest first in each group, and how many frames there are in all."""

    own: tuple[Frame, ...]
    others: tuple[Frame, ...]
    frames: int

    @property
    def shown(self) -> int:
        """How many of `frames` the two groups stand for."""
        return sum(frame.times for frame in (*self.own, *self.others))


def crash_stack(alert: Alert) -> tuple[Frame, ...]:
    """Return the frames of the exception that was raised, else of the first cause that has any, else the event's."""
    return next((raised.frames for raised in alert.raised if raised.frames), alert.stack)


def crash_frame(frames: Sequence[Frame]) -> Frame | None:
    """Return the newest of the app's own frames, else the newest one of all."""
    own = (frame for frame in reversed(frames) if frame.in_app)
    return next(own, frames[-1] if frames else None)


def choose(frames: Sequence[Frame], most: int) -> Choice:
    """Choose at most `most` frames, the app's own before others."""
    own = [frame for frame in reversed(frames) if frame.in_app][:most]
    others = [frame for frame in reversed(frames) if not frame.in_app][: most - len(own)]
    return Choice(own=tuple(own), others=tuple(others), frames=sum(frame.times + frame.left_out for frame in frames))


def place(frame: Frame, *, limit: int) -> str | None:
    """Write where `frame` stands, such as `shop/cart.py:118`, in at most `limit` characters; None if nobody knows.

    Without a path the binary or the module must do, then the address.
    """
    if not frame.path:
        return module_of(frame) or frame.address
    number = f":{frame.line}" if frame.line else ""
    return shorten(line(_path(frame), limit=LONGEST), limit=limit - len(number)) + number


def _path(frame: Frame) -> str:
    """Return the path without a slash before it if it counts from the project's root, as PHP's SDK writes it.

    Laravel's own folder is `/app`, and would pass for a container's otherwise.
    """
    path, absolute = frame.path or "", frame.absolute_path or ""
    return path.removeprefix("/") if absolute != path and absolute.endswith(path) else path


def module_of(frame: Frame) -> str | None:
    """Name the binary or jar that `frame` runs in, without its folder, else its module."""
    return re.split(r"[/\\]", line(frame.package[-LONGEST:], limit=LONGEST))[-1] if frame.package else frame.module


def called(frame: Frame) -> str | None:
    """Name the function of `frame`, with its class where the place does not tell it.

    A place is only a file's name in Java, only an assembly's in .NET without debug files.
    """
    function, module = frame.function or "", frame.module or ""
    is_vague = "/" not in frame.path if frame.path else bool(frame.package)
    is_told = function.startswith(module) or f"{module.rpartition('.')[2]}." in function  # .NET: `int Cart.Total()`
    if is_vague and function and "." in module and not is_told:
        return f"{module}.{function}"
    return frame.function


def shorten(path: str, *, limit: int) -> str:
    """Return the part of `path` that says which file it is, in at most `limit` characters, cut between folders."""
    path = ORIGIN.sub("/", path.replace("\\", "/"), count=1)
    if ABSOLUTE.match(path):
        path = CONTAINER_ROOT.sub("", ROOTS.sub("", path), count=1)
        path = "/".join(path.strip("/").split("/")[-SEGMENTS:]) if ABSOLUTE.match(path) else path
    path = path.removeprefix("./")
    while len(path) > limit and "/" in path:
        path = path.partition("/")[2]
    return path[-limit:] or "/"
