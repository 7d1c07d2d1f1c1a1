"""The frames of a stack that are kept: those nearest to the crash, the app's own before others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from booty.observability.alerts.alert import Frame
from booty.observability.sentry.event.frame import Call, around, calls_of
from booty.observability.sentry.schema.stack import SentFrame

Run = tuple[SentFrame, Call, int]
"""A call, and how many times in a row it comes; the frame as it was sent is the last one."""


def frames_of(frames: Sequence[SentFrame], most: int, *, is_crash: bool, with_locals: bool) -> tuple[Frame, ...]:
    """Return the frames, oldest call first; only the newest of the app's own, if it is where it crashed, brings more.

    That is the lines around it, and its local variables `with_locals`.
    """
    runs = _runs(frames)
    kept = _kept(runs, most)
    own = _own(runs, kept)
    crash = max(own, default=kept[-1] if kept else None) if is_crash else None
    told: list[Frame] = []
    for older, at in zip([-1, *kept], kept, strict=False):
        sent, call, times = runs[at]
        frame = call.own if at in own else call.frame
        if times > 1 or at - older > 1:
            frame = frame.but(times=times, left_out=sum([run[2] for run in runs[older + 1 : at]]))
        if at == crash:
            frame = frame.but(**around(sent, with_locals=with_locals))
        told.append(frame)
    return tuple(told)


def _own(runs: Sequence[Run], kept: Iterable[int]) -> set[int]:
    """Return where the app's own frames are; other people's code, which SDKs mark as such at times, only if all is."""
    marked = [at for at in kept if runs[at][0].in_app]
    return {at for at in marked if not runs[at][1].is_others} or set(marked)


def _runs(frames: Sequence[SentFrame]) -> list[Run]:
    """Return each frame with how many times in a row it comes: a recursion must not push out who called it."""
    runs: list[Run] = []
    spot = None
    for sent, call in zip(frames, calls_of(frames), strict=True):
        if call.spot == spot:
            runs[-1] = (sent, call, runs[-1][2] + 1)
        elif call.tells:
            runs.append((sent, call, 1))
            spot = call.spot
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
