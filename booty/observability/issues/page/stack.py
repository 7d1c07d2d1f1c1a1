"""The part of an issue's body that shows code: the crash, the calls that led there.

Sections as `sections` describes them: a block of Markdown each, text from outside only in code.
"""

from __future__ import annotations

from booty.observability.alerts.alert import Alert, Frame
from booty.observability.alerts.stack.frames import called, choose, crash_frame, crash_stack, module_of, place
from booty.observability.issues.page.context import ALONE, Context
from booty.observability.text.untrusted import clean, code, fence, line

MOST_CALLS = 7
# Characters.
STACK = 4_000
PATH = 120
ROW = 160
TAB = 4


def crash(alert: Alert, context: Context = ALONE) -> str | None:
    """Show the line of the crash with those around it; where the alert has none, the repository's.

    GitHub shows the code itself in the place of a permalink that has a line to itself; beside the alert's own lines
    it is a link among words, so that the code is there once.
    """
    frame = crash_frame(crash_stack(alert))
    if frame is None:
        return None
    heading, verb = ("### Crash", "Crashed") if alert.raised else ("### Origin", "Reported")
    address = context.link(frame)
    if not frame.source:
        return f"{heading}\n\n{address}" if address else None
    return f"{heading}\n\n{verb} {in_words(frame, address)}:\n\n{fence(_excerpt(frame), limit=STACK)}"


def stack(alert: Alert, context: Context = ALONE) -> str | None:
    """List the app's own calls that led there, linked to their lines; without any, those of libraries."""
    chosen = choose(crash_stack(alert), MOST_CALLS)
    if chosen.frames < 2:  # noqa: PLR2004 - a lone frame is the crash, and shown as such
        return None
    crashed = crash_frame(crash_stack(alert))
    count = f"{chosen.shown:,} of {chosen.frames:,} frames, n" if chosen.shown < chosen.frames else "N"
    if not chosen.own:
        calls = _calls(chosen.others, crashed)
        return f"### Stack\n\n{count}ewest call first; none is marked as the app's own.\n\n{calls}"
    calls = "\n".join(_own(frame, context, is_told=_spot(frame) == _spot(crashed)) for frame in chosen.own)
    return f"### Stack\n\n{count}ewest call first.\n\n{calls}"


def libraries(alert: Alert, _context: Context = ALONE) -> str | None:
    """Show the calls of libraries below the app's own."""
    chosen = choose(crash_stack(alert), MOST_CALLS)
    return f"### Libraries\n\n{_calls(chosen.others)}" if chosen.own and chosen.others else None


def rows(frame: Frame, *, is_told: bool = False) -> list[str]:
    """Write one call for use inside a fence: its place and function, and its source line below unless it `is_told`."""
    where = place(frame, limit=PATH) or "unknown place"
    function = f" in {line(name, limit=PATH)}" if (name := called(frame)) else ""
    address = f" at {line(frame.address, limit=PATH)}" if frame.address and not frame.path else ""
    times = f" (the same call {frame.times:,} times)" if frame.times > 1 else ""
    head = f"{line(where, limit=PATH)}{function}{address}{times}"
    return [head, f"    {line(frame.source, limit=ROW)}"] if frame.source and not is_told else [head]


def in_words(frame: Frame, address: str | None = None) -> str:
    """Write where `frame` is, for use outside a fence, such as: at `shop/cart.py:118` in `total`.

    A link to `address` never begins a line: `[…]:` in a path would make a link reference definition of it, not shown.
    """
    function = f"in {code(name, limit=PATH)}" if (name := called(frame)) else ""
    if frame.path:
        where = code(place(frame, limit=PATH) or frame.path)
        return f"at {f'[{where}]({address})' if address else where} {function}".rstrip()
    binary = f"{'of' if function else 'in'} {code(name)}" if (name := module_of(frame)) else ""
    address = f"at {code(frame.address)}" if frame.address else ""
    return " ".join(filter(None, (function, binary, address))) or "at an unknown place"


def _own(frame: Frame, context: Context, *, is_told: bool) -> str:
    """Write one row of the list; the line of the crash has been shown already."""
    times = f" (the same call {frame.times:,} times)" if frame.times > 1 else ""
    source = f": {code(frame.source, limit=ROW)}" if frame.source and not is_told else ""
    return f"- {in_words(frame, context.link(frame))}{times}{source}"


def _spot(frame: Frame | None) -> tuple[object, ...] | None:
    return (frame.path, frame.line, frame.source) if frame else None


def _calls(frames: tuple[Frame, ...], crashed: Frame | None = None) -> str:
    """Write the rows of all `frames`; the line of the crash has been shown already."""
    told = _spot(crashed)
    return fence("\n".join(row for frame in frames for row in rows(frame, is_told=_spot(frame) == told)), limit=STACK)


def _excerpt(frame: Frame) -> str:
    """Write the lines around the crash with their numbers, and point at it.

    They are cleaned only: the fence redacts, and must see them together to know a key of many lines.
    """
    around = (*frame.before, frame.source or "", *frame.after)
    texts = [clean(text).replace("\n", " ").expandtabs(TAB).rstrip() for text in around]
    indent = min((len(text) - len(text.lstrip()) for text in texts if text), default=0)
    crash_at = len(frame.before)
    numbers = [str(frame.line - crash_at + at) if frame.line else "" for at in range(len(texts))]
    width = max(map(len, numbers))
    return "\n".join(
        f"{'>' if at == crash_at else ' '} {numbers[at]:>{width}}  {text[indent:]}".rstrip()
        for at, text in enumerate(texts)
    )
