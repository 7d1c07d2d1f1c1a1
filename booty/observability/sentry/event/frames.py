"""The frames of a stack that are kept: those nearest to the crash, the app's own before others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from booty.observability.alerts.alert import Frame
from booty.observability.sentry.event.frame import around, read_frame
from booty.observability.sentry.schema.stack import SentFrame

Run = tuple[SentFrame, int]
"""A frame, and how many times in a row it comes; it is the last of them."""
_spot: Callable[[SentFrame], tuple[str | int | None, ...]] = attrgetter(
    "filename", "abs_path", "function", "module", "package", "instruction_addr", "lineno"
)
"""Return where a frame is: what a recursion repeats."""
NAMES = 6
"""How many of these tell something."""


def frames_of(frames: Sequence[SentFrame], most: int, *, is_crash: bool, with_locals: bool) -> tuple[Frame, ...]:
    """Return the frames, oldest call first; only the newest of the app's own, if it is where it crashed, brings more.

    That is the lines around it, and its local variables `with_locals`.
    """
    runs = _runs(frames)
    kept = _kept(runs, most)
    read = {at: read_frame(runs[at][0]) for at in kept}
    marked = [at for at in kept if runs[at][0].in_app]
    # Other people's code, which SDKs mark as the app's own at times, counts as such only if all of it is.
    own = {at for at in marked if not read[at].is_others} or set(marked)
    crash = max(own, default=kept[-1] if kept else None) if is_crash else None
    told: list[Frame] = []
    for older, at in zip([-1, *kept], kept, strict=False):
        sent, times = runs[at]
        frame = read[at].own if at in own else read[at].frame
        if times > 1 or at - older > 1:
            frame = frame.but(times=times, left_out=sum([times for _, times in runs[older + 1 : at]]))
        if at == crash:
            frame = frame.but(**around(sent, with_locals=with_locals))
        told.append(frame)
    return tuple(told)


def _runs(frames: Sequence[SentFrame]) -> list[Run]:
    """Return each frame with how many times in a row it comes: a recursion must not push out who called it."""
    runs: list[Run] = []
    last = None
    for sent, spot in zip(frames, map(_spot, frames), strict=True):
        if spot == last:
            runs[-1] = (sent, runs[-1][1] + 1)
        elif any(spot[:NAMES]):
            runs.append((sent, 1))
            last = spot
    return runs


def _kept(runs: Sequence[Run], most: int) -> Sequence[int]:
    """Leave out what lies between the crash and the app when the stack is too long: the app's frames can be its oldest.

    The newest half stays whole; of the older ones the app's own go first, then again the newest. What is returned are
    positions.
    """
    if len(runs) <= most:
        return range(len(runs))
    older = len(runs) - most // 2
    telling = sorted(range(older), key=lambda at: (bool(runs[at][0].in_app), at), reverse=True)[: most - most // 2]
    return [*sorted(telling), *range(older, len(runs))]
