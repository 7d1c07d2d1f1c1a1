"""What broke: exceptions with their frames, from Sentry's shape to ours.

It keeps what is nearest to the crash, within the limits of `bounds`. What led up to it is the part of `surroundings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Frame, Raised
from booty.observability.alerts.dependencies import is_dependency
from booty.observability.alerts.limits import cut, cut_start
from booty.observability.sentry.event.variables import variables
from booty.observability.sentry.schema.body import WireEvent, WireException, WireFrame, WireThread
from booty.observability.sentry.schema.locals import FrameWithLocals

NAMELESS = frozenset({"?", "<unknown>", "<redacted>", "unknown", "[unknown]"})
"""What SDKs call a function whose name nobody knows."""
PACKAGE = "package:"
"""Before a file of Dart's, whose name alone the other field has."""
NO_FILE = re.compile(r"(?:app:///|/)?native|\[[a-z ]+\]|<[\w. -]+>")
"""What engines and compilers name in the place of a file: `native`, `[native code]`, `[internal]`, `<anonymous>`."""
URL = re.compile(r"(?:res|user)://|[A-Za-z][A-Za-z0-9+.-]+://[^/]*")  # of Godot's, folders follow at once


def raised(exceptions: Sequence[WireException]) -> tuple[tuple[Raised, ...], int]:
    """Return the exception that was raised, then its causes, outermost to root; of a group, its members.

    Of a chain that is too long the root cause stays: what lies between says least. How many do is returned as well.
    """
    chain = _outermost_first([each for each in exceptions if each.type or each.value or each.frames])
    left_out = max(len(chain) - limits.MOST_EXCEPTIONS, 0)
    if left_out:
        chain = [*chain[: limits.MOST_EXCEPTIONS - 1], chain[-1]]
    crashed = next((position for position, each in enumerate(chain) if each.frames), None)
    kept = tuple(
        Raised(
            type=cut(each.type, limits.NAME),
            message=cut(each.value, limits.MESSAGE),
            frames=_frames(
                each.frames,
                limits.MOST_CAUSE_FRAMES if position else limits.MOST_FRAMES,
                is_crash=position == crashed,
            ),
        )
        for position, each in enumerate(chain)
    )
    return kept, left_out


def _outermost_first(exceptions: Sequence[WireException]) -> list[WireException]:
    """Turn the list round; where the SDK numbered a group's tree, follow the numbers, in which 0 was raised."""
    chain = list(reversed(exceptions))
    numbers = [each.mechanism.exception_id for each in chain if each.mechanism]
    known = [number for number in numbers if number is not None]
    if not known or len(set(known)) < len(chain) or known[0] != min(known):
        return chain
    return [each for _, each in sorted(zip(known, chain, strict=True), key=lambda pair: pair[0])]


def stack(event: WireEvent) -> tuple[Frame, ...]:
    """Return the event's own stack, else the crashed thread's, the current one's, or the first there is."""
    threads = sorted(event.threads, key=_thread_rank)
    stacks = (
        _frames(frames, limits.MOST_FRAMES, is_crash=True)
        for frames in (event.frames, *(each.frames for each in threads))
    )
    return next((frames for frames in stacks if frames), ())


def _thread_rank(thread: WireThread) -> tuple[bool, bool]:
    return (not thread.crashed, not thread.current)


def _frames(frames: Sequence[WireFrame], most: int, *, is_crash: bool) -> tuple[Frame, ...]:
    """Return the frames, oldest call first; only the newest of the app's own, if it is where it crashed, brings more.

    That is the lines around it, and its local variables as far as they were read.
    """
    runs = _runs(frame for frame in frames if _tells(frame))
    kept = _kept([frame for frame, _ in runs], most)
    own = _own({at: runs[at][0] for at in kept})
    crash = max(own, default=kept[-1] if kept else None)
    return tuple(
        _frame(
            runs[at],
            is_own=at in own,
            is_crash=is_crash and at == crash,
            left_out=sum(times for _, times in runs[older + 1 : at]),
        )
        for older, at in zip([-1, *kept], kept, strict=False)
    )


def _own(frames: Mapping[int, WireFrame]) -> set[int]:
    """Return where the app's own frames are; other people's code, which SDKs mark as such at times, only if all is."""
    marked = {at: frame for at, frame in frames.items() if frame.in_app}
    return {at for at, frame in marked.items() if not _is_others(frame)} or set(marked)


def _is_others(frame: WireFrame) -> bool:
    is_no_file = frame.lineno is None and NO_FILE.fullmatch(frame.filename or frame.abs_path or "") is not None
    return is_no_file or is_dependency(frame.filename, frame.abs_path)


def _runs(frames: Iterable[WireFrame]) -> list[tuple[WireFrame, int]]:
    """Return each frame with how many times in a row it comes: a recursion must not push out who called it."""
    alike = (list(run) for _, run in groupby(frames, key=_spot))
    return [(run[-1], len(run)) for run in alike]


def _spot(frame: WireFrame) -> tuple[object, ...]:
    names = (frame.filename, frame.abs_path, frame.module, frame.function, frame.package)
    return (*names, frame.lineno, frame.instruction_addr)


def _kept(frames: list[WireFrame], most: int) -> Sequence[int]:
    """Leave out what lies between the crash and the app when the stack is too long: the app's frames can be its oldest.

    The newest half stays whole; of the older ones the app's own go first, then again the newest. What is returned are
    positions.
    """
    if len(frames) <= most:
        return range(len(frames))
    older = len(frames) - most // 2
    telling = sorted(range(older), key=lambda at: (frames[at].in_app, at), reverse=True)[: most - most // 2]
    return [*sorted(telling), *range(older, len(frames))]


def _tells(frame: WireFrame) -> bool:
    return any((frame.filename, frame.abs_path, frame.function, frame.module, frame.package, frame.instruction_addr))


def _frame(run: tuple[WireFrame, int], *, is_own: bool, is_crash: bool, left_out: int) -> Frame:
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
        before=_lines(frame.pre_context[-limits.MOST_CONTEXT_LINES :]) if is_crash else (),
        source=_line(frame.context_line),
        after=_lines(frame.post_context[: limits.MOST_CONTEXT_LINES]) if is_crash else (),
        locals=variables(frame.vars or {}) if is_crash and isinstance(frame, FrameWithLocals) else (),
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
