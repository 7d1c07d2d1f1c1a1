"""The watch over the pipe: a loop that tells somebody while all of it is well, or what is not.

One worker of all tells, every five minutes and as soon as something has changed: `ledger.watch.rounds` keeps them
apart. Where no worker can run or write any more, nobody is told, and the silence is the alarm.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from booty.observability.delivery.watch.pipe_issue import PipeIssue
from booty.observability.exchange import NoAnswer
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.steady_loop import SteadyLoop
from booty.observability.ledger.watch.rounds import LOOK_SECONDS, PERIOD_SECONDS, Look, Rounds
from booty.observability.ledger.watch.troubles import Trouble, troubles

log = logging.getLogger(__name__)

FIRST_SECONDS = 3.0
"""How long the courier has at the start to make its first move."""
AGAIN_SECONDS = 60.0
"""After how long GitHub is asked again that refused, or an issue is tried again that is in doubt or not kept."""
STOP_SECONDS = 10.0
"""For the round that is under way: left undone, the next comes minutes later."""
UNWRITABLE = Trouble("ledger", "no alert can be stored: the service's log says why")


Tell = Callable[[Sequence[Trouble]], None]
"""Tells of grave troubles, or with none that all is well. Raises `NoAnswer`."""


class Checked(Protocol):
    """What is asked whether anything can be delivered."""

    def check(self) -> None:
        """See `Tracker.check`."""


class Watch(SteadyLoop):
    """One in every worker; `clock` gives unix seconds."""

    def __init__(  # noqa: PLR0913 - the ports of the loop, by their names
        self,
        rounds: Rounds,
        tracker: Checked,
        issue: PipeIssue,
        tell: Tell,
        *,
        silence_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare. `silence_seconds` is how long Sentry may send nothing, 0: for ever."""
        super().__init__(
            "watch",
            seconds=LOOK_SECONDS,
            failed="watch_failed",
            first_seconds=FIRST_SECONDS,
            stop_seconds=STOP_SECONDS,
        )
        self._rounds = rounds
        self._tracker = tracker
        self._issue = issue
        self._tell = tell
        self._silence_seconds = silence_seconds
        self._clock = clock
        self._told_alone_at = 0.0
        self._reason = ""

    def turn(self) -> None:
        """Look how the pipe is; tell of it if it is time, and no other worker does."""
        now = self._clock()
        try:
            look = self._rounds.look(now=now)
            if self._told_alone_at:  # whoever heard of that should soon hear that it is over
                self._rounds.forget_told(before=self._told_alone_at)
                self._told_alone_at = 0.0
            found = troubles(look.watched, silence_seconds=self._silence_seconds, now=now)
            holder = self._rounds.begin(found, now=now) if look.is_due(found, now) else None
            if holder is not None:
                self._round(holder, look)
        except NotStored:
            self._tell_alone(now)

    def _round(self, holder: str, before: Look) -> None:
        is_refused = self._is_refused_by_github()
        now = self._clock()
        found = troubles(self._rounds.look(now=now).watched, silence_seconds=self._silence_seconds, now=now)
        if [each.kind for each in found] != before.record.get("told", []):
            _log(found)
        is_told = before.is_untold(found, now) and self._is_told([each for each in found if each.is_grave])
        is_done = self._issue.keep(holder, found) and not is_refused
        again_at = None if is_done else now + AGAIN_SECONDS
        self._rounds.end(holder, found if is_told else None, now=now, again_at=again_at)

    def _is_refused_by_github(self) -> bool:
        """Return whether GitHub would refuse an alert, as every look knows from then on; what passes does not count."""
        is_refused = False
        try:
            self._tracker.check()
        except Refused:
            is_refused = True
        except (Postponed, Unknown):
            return False
        self._rounds.note_refusal(is_refused=is_refused)
        return is_refused

    def _is_told(self, grave: Sequence[Trouble]) -> bool:
        """Tell; whatever keeps us from it is logged once, and tried again soon."""
        try:
            self._tell(grave)
        except NoAnswer as failure:
            if str(failure) != self._reason:
                self._reason = str(failure)
                log.warning("heartbeat_not_sent", extra={"reason": self._reason})
            return False
        self._reason = ""
        return True

    def _tell_alone(self, now: float) -> None:
        """Tell that the ledger cannot be written to; without it each worker tells for itself."""
        if not 0 <= now - self._told_alone_at < PERIOD_SECONDS and self._is_told([UNWRITABLE]):
            self._told_alone_at = now


def _log(found: Sequence[Trouble]) -> None:
    if found:
        log.warning("pipe_unwell", extra={"troubles": [each.words for each in found]})
    else:
        log.info("pipe_well")
