"""The frames of an alert that link to the repository: the crash, the app's other calls. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from booty.observability.alerts.alert import Alert, Frame
from booty.observability.alerts.stack.frames import choose, crash_frame, crash_stack
from booty.observability.issues.code.code_context import CodeLink
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.code.source_tree import SourceTree

MOST_LINKS = 20
"""More than the calls that an issue shows: those left out of the stack are still a click away."""


@dataclass(frozen=True, slots=True)
class Found:
    """The file of the crash in the repository, if it is there, and the links."""

    crash_path: str | None
    crash: CodeLink | None
    calls: tuple[CodeLink, ...]


def find(alert: Alert, *, tree: SourceTree, commit: str, web: WebLinks) -> Found:
    """Link every one of the app's own frames that has exactly one file in `tree`, the tree of `commit`."""
    frame = crash_frame(crash_stack(alert))
    path = tree.find(frame) if frame and frame.in_app else None
    url = web.crash(frame, path=path, commit=commit) if frame and path else None
    shown = {web.call(frame, path=path, commit=commit)} if frame and path else set()
    calls: list[CodeLink] = []
    for call in _calls(alert):
        path_of_call = tree.find(call)
        address = web.call(call, path=path_of_call, commit=commit) if path_of_call else None
        if path_of_call and address and address not in shown and len(calls) < MOST_LINKS:
            shown.add(address)
            calls.append(CodeLink(call, address, path_of_call))
    return Found(path, CodeLink(frame, url, path) if frame and path and url else None, tuple(calls))


def _calls(alert: Alert) -> Iterator[Frame]:
    """Yield the app's own frames, newest first, a recursion's once: those of the stack, then those of each cause."""
    for frames in (crash_stack(alert), *(cause.frames for cause in alert.raised[1:])):
        yield from choose(frames, len(frames)).own
