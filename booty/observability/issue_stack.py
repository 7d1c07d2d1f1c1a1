"""The part of an issue's body that shows code: the crash, the calls that led there.

Sections as `issue_sections` describes them: a block of Markdown each, text from outside only in code.
"""

from __future__ import annotations

from booty.observability.alert import Alert, Frame
from booty.observability.location import Call, called, choose, crash_frame, crash_stack, module_of, place
from booty.observability.untrusted import clean, code, fence, line

MOST_CALLS = 7
# Characters.
STACK = 4_000
PATH = 120
ROW = 160
TAB = 4


def crash(alert: Alert) -> str | None:
    """Name the place of the crash, and show its line with those around it."""
    frame = crash_frame(crash_stack(alert))
    if frame is None:
        return None
    heading, verb = ("### Crash", "Crashed") if alert.raised else ("### Origin", "Reported")
    told = f"{heading}\n\n{verb} {in_words(frame)}"
    return f"{told}:\n\n{fence(_excerpt(frame), limit=STACK)}" if frame.source else f"{told}."


def stack(alert: Alert) -> str | None:
    """Show the calls that led there, the app's own before those of libraries."""
    chosen = choose(crash_stack(alert), MOST_CALLS)
    if chosen.frames < 2:  # noqa: PLR2004 - a lone frame is the crash, and shown as such
        return None
    count = f"{chosen.shown:,} of {chosen.frames:,} frames, n" if chosen.shown < chosen.frames else "N"
    order = "ewest call first." if chosen.own else "ewest call first; none is marked as the app's own."
    blocks = [f"### Stack\n\n{count}{order}"]
    if chosen.own:
        blocks += ["**The app's own**", _calls(chosen.own)]
    if chosen.own and chosen.others:
        blocks.append("**Libraries**")
    if chosen.others:
        blocks.append(_calls(chosen.others))
    return "\n\n".join(blocks)


def rows(call: Call) -> list[str]:
    """Write one call for use inside a fence: its place and function, and its source line below."""
    frame = call.frame
    where = place(frame, limit=PATH) or "unknown place"
    function = f" in {line(name, limit=PATH)}" if (name := called(frame)) else ""
    address = f" at {line(frame.address, limit=PATH)}" if frame.address and not frame.path else ""
    times = f" (the same call {call.times:,} times)" if call.times > 1 else ""
    head = f"{line(where, limit=PATH)}{function}{address}{times}"
    return [head, f"    {line(frame.source, limit=ROW)}"] if frame.source else [head]


def in_words(frame: Frame) -> str:
    """Write where `frame` stands for use outside a fence, such as: at `shop/cart.py:118` in `total`."""
    function = f"in {code(name, limit=PATH)}" if (name := called(frame)) else ""
    if frame.path:
        return f"at {code(place(frame, limit=PATH) or frame.path)} {function}".rstrip()
    binary = f"{'of' if function else 'in'} {code(name)}" if (name := module_of(frame)) else ""
    address = f"at {code(frame.address)}" if frame.address else ""
    return " ".join(filter(None, (function, binary, address))) or "at an unknown place"


def _calls(calls: tuple[Call, ...]) -> str:
    return fence("\n".join(row for call in calls for row in rows(call)), limit=STACK)


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
