"""The frames of a stack that are kept: those nearest to the crash, the app's own before others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from booty.observability.alerts.alert import Frame
from booty.observability.alerts.stack.dependencies import is_dependency
from booty.observability.sentry.event.frame import frame_of
from booty.observability.sentry.schema.stack import SentFrame

NO_FILE = re.compile(r"(?:app:///|/)?native|\[[a-z ]+\]|<[\w. -]+>")
"""What engines and compilers name in the place of a file: `native`, `[native code]`, `[internal]`, `<anonymous>`."""


def frames_of(frames: Sequence[SentFrame], most: int, *, is_crash: bool, with_locals: bool) -> tuple[Frame, ...]:
    """Return the frames, oldest call first; only the newest of the app's own, if it is where it crashed, brings more.

    That is the lines around it, and its local variables `with_locals`.
    """
    runs = _runs(frame for frame in frames if _tells(frame))
    kept = _kept([frame for frame, _ in runs], most)
    own = _own({at: runs[at][0] for at in kept})
    crash = max(own, default=kept[-1] if kept else None)
    return tuple(
        frame_of(
            runs[at],
            is_own=at in own,
            is_crash=is_crash and at == crash,
            with_locals=with_locals,
            left_out=sum(times for _, times in runs[older + 1 : at]),
        )
        for older, at in zip([-1, *kept], kept, strict=False)
    )


def _own(frames: Mapping[int, SentFrame]) -> set[int]:
    """Return where the app's own frames are; other people's code, which SDKs mark as such at times, only if all is."""
    marked = {at: frame for at, frame in frames.items() if frame.in_app}
    return {at for at, frame in marked.items() if not _is_others(frame)} or set(marked)


def _is_others(frame: SentFrame) -> bool:
    is_no_file = frame.lineno is None and NO_FILE.fullmatch(frame.filename or frame.abs_path or "") is not None
    return is_no_file or is_dependency(frame.filename, frame.abs_path)


def _runs(frames: Iterable[SentFrame]) -> list[tuple[SentFrame, int]]:
    """Return each frame with how many times in a row it comes: a recursion must not push out who called it."""
    alike = (list(run) for _, run in groupby(frames, key=_spot))
    return [(run[-1], len(run)) for run in alike]


def _spot(frame: SentFrame) -> tuple[object, ...]:
    names = (frame.filename, frame.abs_path, frame.module, frame.function, frame.package)
    return (*names, frame.lineno, frame.instruction_addr)


def _kept(frames: list[SentFrame], most: int) -> Sequence[int]:
    """Leave out what lies between the crash and the app when the stack is too long: the app's frames can be its oldest.

    The newest half stays whole; of the older ones the app's own go first, then again the newest. What is returned are
    positions.
    """
    if len(frames) <= most:
        return range(len(frames))
    older = len(frames) - most // 2
    telling = sorted(range(older), key=lambda at: (bool(frames[at].in_app), at), reverse=True)[: most - most // 2]
    return [*sorted(telling), *range(older, len(frames))]


def _tells(frame: SentFrame) -> bool:
    return any((frame.filename, frame.abs_path, frame.function, frame.module, frame.package, frame.instruction_addr))
