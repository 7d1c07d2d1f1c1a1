"""The port to an issue tracker: what delivery asks of one, with every outcome it can have.

`issue_creator` implements it over GitHub's REST API, `preview` over files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from booty.observability.issue_body import Draft


@dataclass(frozen=True, slots=True)
class Filing:
    """An issue that exists: its number and its address."""

    number: int
    url: str


class Refused(Exception):
    """The tracker will not do it, and a repetition would not change that; the text is the tracker's own reason.

    `remedy` says what helps when it would refuse everything alike, None when it refuses this one thing.
    """

    def __init__(self, reason: str, *, remedy: str | None = None) -> None:
        """Carry what the operator must know."""
        super().__init__(reason)
        self.remedy = remedy


class Gone(Refused):
    """There is no such thing, or not for this token; `is_deleted` says that it is gone for good."""

    def __init__(self, reason: str, *, remedy: str | None = None, is_deleted: bool = False) -> None:
        """Carry how sure it is."""
        super().__init__(reason, remedy=remedy)
        self.is_deleted = is_deleted


class Absent(Refused):
    """Where something was to be written there is nothing, though there was a moment ago: this may pass.

    `remedy` says what helps when it does not.
    """


class Locked(Refused):
    """The issue takes no comment; it can still be changed."""


class LabelRefused(Refused):
    """It would be done without its labels, or with fewer."""


class Postponed(Exception):
    """Nothing was done, and later it may be: the tracker cannot be reached, or it limits the rate.

    `pause_seconds` is the tracker's own figure, None when it gave none; `is_limit` says that it limits the rate.
    """

    def __init__(self, reason: str, *, pause_seconds: float | None = None, is_limit: bool = False) -> None:
        """Carry what the retry policy needs."""
        super().__init__(reason)
        self.pause_seconds = pause_seconds
        self.is_limit = is_limit


class Unknown(Exception):
    """It may have been done: the answer was lost, late or makes no sense."""


class Tracker(Protocol):
    """Where issues are kept."""

    def create(self, draft: Draft) -> Filing:
        """Create the issue, once. Raises `Refused`, `Postponed`, `Unknown`."""

    def check(self) -> None:
        """Ask cheaply whether anything can be delivered. Raises `Refused`, `Postponed`, `Unknown`."""

    def find(self, draft: Draft, *, since: float) -> Filing | None:
        """Find the issue that an earlier `create` of this draft made after `since` (unix seconds), by its marker.

        Raises `Refused`, `Postponed`, `Unknown`.
        """

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> Filing | None:
        """Find an issue of ours of the metric's rule `fingerprint`, made after `since` (unix seconds); the newest one.

        `draft` is what would be created. Raises `Refused`, `Postponed`, `Unknown`.
        """
