"""What is known beyond the alert when its issue is written: where Sentry's pages are, what the repository says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from booty.observability.alerts.alert import Alert, Frame
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.issues.code.code_context import CodeContext

Spot = tuple[str | None, int | None]


@dataclass(frozen=True, slots=True)
class Context:
    """Both, and the address of each line that is linked, by the path that the alert has for it."""

    sentry: SentryPages = field(default_factory=SentryPages)
    code_context: CodeContext = field(default_factory=CodeContext)
    links: Mapping[Spot, str] = field(default_factory=dict)

    def link(self, frame: Frame) -> str | None:
        """Return the address of the frame's line in the repository."""
        return self.links.get((frame.path, frame.line))


ALONE = Context()
"""Nothing more is known."""


def in_repository(alert: Alert, code_context: CodeContext, sentry: SentryPages) -> tuple[Alert, Context]:
    """Return `alert` with its frames under the repository's own paths, as far as they are known, and the context."""
    known = [link for link in (code_context.crash, *code_context.calls) if link]
    paths = {_file(link.frame): link.path for link in known}
    links: dict[Spot, str] = {
        (link.path, link.frame.line): link.url for link in reversed(known)
    }  # the crash's takes in lines around it

    def moved(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        return tuple(_at(paths[_file(frame)], frame) if _file(frame) in paths else frame for frame in frames)

    raised = tuple(each.but(frames=moved(each.frames)) for each in alert.raised)
    told = alert.but(raised=raised, stack=moved(alert.stack))
    return told, Context(sentry=sentry, code_context=code_context, links=links)


def _at(path: str, frame: Frame) -> Frame:
    return frame.but(path=path, absolute_path=None)


def _file(frame: Frame) -> tuple[str | None, ...]:
    return (frame.path, frame.absolute_path, frame.module)
