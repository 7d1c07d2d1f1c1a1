"""The outcomes of a call to the tracker, other than success."""

from __future__ import annotations

LIMIT_SECONDS = 60.0
"""What GitHub asks for when it limits the rate without saying until when
(https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""
LONGEST_PAUSE_SECONDS = 6 * 3600.0
"""How long the tracker is left alone at most, whatever it says."""


class Refused(Exception):
    """The tracker will not do it, and a repetition would not change that; the text is the tracker's own reason.

    `remedy` says what helps when it would refuse everything alike, None when it refuses this one thing.
    """

    def __init__(self, reason: str, *, remedy: str | None = None) -> None:
        """Carry what the operator must know."""
        super().__init__(reason)
        self.remedy = remedy


class Gone(Refused):
    """It does not exist, or this token may not see it; `is_deleted` says that it is gone for good."""

    def __init__(self, reason: str, *, remedy: str | None = None, is_deleted: bool = False) -> None:
        """Carry how sure it is."""
        super().__init__(reason, remedy=remedy)
        self.is_deleted = is_deleted


class Passing(Refused):
    """It is refused now, and may not be some seconds later; `remedy` says what helps when it is refused again."""


class Absent(Passing):
    """Where something was to be written there is nothing, though there was a moment ago."""


class Busy(Passing):
    """Something else changes the same thing at the same moment."""


class Locked(Refused):
    """The issue takes no comment; it can still be changed."""


class LabelRefused(Refused):
    """It would be done without its labels, or with fewer."""


class Postponed(Exception):
    """Nothing was done, and later it may be: the tracker cannot be reached, or it limits the rate.

    `pause_seconds` is the tracker's own figure, None when it gave none; `is_limit` says that it limits the rate,
    `is_of_one` that this one thing may be why.
    """

    def __init__(
        self, reason: str, *, pause_seconds: float | None = None, is_limit: bool = False, is_of_one: bool = False
    ) -> None:
        """Carry what the retry policy needs."""
        super().__init__(reason)
        self.pause_seconds = pause_seconds
        self.is_limit = is_limit
        self.is_of_one = is_of_one


class Unknown(Exception):
    """It may have been done: the answer was lost, late or makes no sense."""
