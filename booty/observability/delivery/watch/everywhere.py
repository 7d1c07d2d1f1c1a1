"""All repositories that issues go to, asked as one whether they take any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booty.observability.issues.outcomes import Postponed, Unknown
from booty.observability.issues.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Everywhere:
    """Their trackers."""

    trackers: Sequence[Tracker]

    def check(self) -> None:
        """Ask all of them. Raises `Refused` as the first that refuses, else what keeps us from knowing."""
        doubt: Postponed | Unknown | None = None
        for tracker in self.trackers:
            try:
                tracker.check()
            except (Postponed, Unknown) as failure:
                doubt = failure
        if doubt is not None:
            raise doubt
