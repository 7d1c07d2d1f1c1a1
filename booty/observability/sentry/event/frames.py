"""The frames of a stack that are kept: those nearest to the crash, the app's own before others."""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.alerts.alert import Frame
from booty.observability.sentry.event.frame import Sent, around, read_frame, sent_of
from booty.observability.sentry.schema.stack import SentFrame

Run = tuple[SentFrame, int, Sent]
"""A frame, how many times in a row it comes, of which it is the last, and what was sent of it."""
LINE, SPOT = 6, 7
"""Where in `Sent` the line's number is, which tells nothing alone; how many say where a frame is."""


def frames_of(frames: Sequence[SentFrame], most: int, *, is_crash: bool, with_locals: bool) -> tuple[Frame, ...]:
    """Return the frames, oldest call first; only the newest of the app's own, if it is where it crashed, brings more.

    That is the lines around it, and its local variables `with_locals`.
    """
    runs = _runs(frames)
    kept = _kept(runs, most)
    read = {at: read_frame(runs[at][2]) for at in kept}
    marked = [at for at in kept if runs[at][0].in_app]
    # Other people's code, which SDKs mark as the app's own at times, counts as such only if all of it is.
    own = {at for at in marked if not read[at].is_others} or set(marked)
    crash = max(own, default=kept[-1] if kept else None) if is_crash else None
    told: list[Frame] = []
    for older, at in zip([-1, *kept], kept, strict=False):
        sent, times, _ = runs[at]
        frame = read[at].own if at in own else read[at].frame
        if times > 1 or at - older > 1:
            frame = frame.but(times=times, left_out=sum([times for _, times, _ in runs[older + 1 : at]]))
        if at == crash:
            frame = frame.but(**around(sent, with_locals=with_locals))
        told.append(frame)
    return tuple(told)


def _runs(frames: Sequence[SentFrame]) -> list[Run]:
    """Return each frame with how many times in a row it comes: a recursion must not push out who called it."""
    runs: list[Run] = []
    last = None
    for frame, sent in zip(frames, map(sent_of, frames), strict=True):
        if last is not None and sent[LINE] == last[LINE] and sent[:SPOT] == last[:SPOT]:
            runs[-1] = (frame, runs[-1][1] + 1, sent)
        elif any(sent[:LINE]):
            runs.append((frame, 1, sent))
            last = sent
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
