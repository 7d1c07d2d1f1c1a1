"""All repositories that issues go to, asked as one whether they take any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from booty.observability.issues.outcomes import Postponed, Unknown
from booty.observability.issues.tracker import Tracker

MOST_SECONDS = 40.0
"""After how long no other one is asked: a round of the watch, with the pipe's issue, must end within its lease."""


@dataclass(frozen=True, slots=True)
class Everywhere:
    """Their trackers, each with whether it is to be left alone; `clock` gives seconds that only go on."""

    trackers: Sequence[tuple[Tracker, Callable[[], bool]]]
    clock: Callable[[], float] = monotonic

    def check(self) -> None:
        """Ask all that may be asked. Raises `Refused` as the first that refuses, else what keeps us from knowing."""
        doubt: Postponed | Unknown | None = None
        ends_at = self.clock() + MOST_SECONDS
        for tracker, is_paused in self.trackers:
            if self.clock() > ends_at:
                raise Postponed("GitHub is too slow to be asked about all repositories")
            if is_paused():
                doubt = Postponed("GitHub is to be left alone for a while")
                continue
            try:
                tracker.check()
            except (Postponed, Unknown) as failure:
                doubt = failure
        if doubt is not None:
            raise doubt
