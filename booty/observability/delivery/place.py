"""A repository as delivery needs it: its issues, its pages, its code."""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.issues.code.code_context import CodeContextSource
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Place:
    """One repository; `code_context` is None where nobody looks for code."""

    tracker: Tracker
    web: WebLinks
    code_context: CodeContextSource | None = None


def nowhere(repository: str) -> Place:
    """Refuse to deliver anything elsewhere: an issue in another repository than its own would publish it there."""
    raise LookupError(f"no way is known to {repository}")
