"""Calls an issue verified once its problem has stayed away after the closing.

Guarantee: a closing gets one comment and the label at most, over any number of workers and kills: its marker is looked
for, twice, before a comment whose outcome is unknown is written again. In doubt nothing is said.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from booty.observability.alerts.issue import Issue
from booty.observability.delivery.follow_up import FollowUp, NotOurs, NotSeen
from booty.observability.delivery.retry import (
    CLOCK_SKEW_SECONDS,
    FIRST_LOOK_SECONDS,
    PROMPT_SECONDS,
    SECOND_LOOK_SECONDS,
    backoff,
)
from booty.observability.delivery.verified.proof import Proof
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.life.step import Step
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.issues.releases.verified import on_quiet
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.releases.verification import Verification
from booty.observability.ledger.releases.verifying import VerifyingBook
from booty.observability.ledger.schedule.jobs import Attempt, Pause
from booty.observability.sentry.api.client import SentryTrouble

log = logging.getLogger(__name__)

DAY_SECONDS = 24 * 3600.0
MOST = 20
"""Closings of one round."""
REFUSED_SECONDS = 3600.0
"""How long to wait after a refusal, or where the repository does not show the fix: until then it may have changed."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies the closings of one repository after so many `days`; `clock` gives unix seconds."""

    book: VerifyingBook
    tracker: Tracker
    proof: Proof
    web: WebLinks
    days: float
    clock: Callable[[], float] = field(default=time.time)

    def note(self, issues: Iterable[Issue]) -> None:
        """Note which of the issues that were just read are closed. Raises `NotStored`."""
        self.book.note(issues, now=self.clock())

    def cycle(self) -> None:
        """Look at what is due. Raises `NotStored`."""
        for _ in range(MOST):
            taken = self.book.take(now=self.clock())
            if taken is None:
                return
            if taken.is_proven:
                self._verify(taken)
            else:
                self.proof.find(taken, now=self.clock())

    def _verify(self, taken: Verification) -> None:
        began_at = self.clock()
        errand = FollowUp(
            self.tracker,
            taken.issue,
            event=f"verified-{round(taken.closed_at)}",
            doubtful_since=taken.attempt.began_at - CLOCK_SKEW_SECONDS if taken.attempt else None,
            is_ours=lambda _: self._is_ours(taken),
        )
        told: list[Step] = []
        try:
            heard_at = self.proof.heard_at(taken)
            if heard_at is not None and began_at - heard_at < self.days * DAY_SECONDS:
                self.book.hear(taken, at=heard_at, now=began_at)
                return
            if not self.proof.holds(taken, self.tracker.closer(taken.issue)):
                self._postpone(taken, REFUSED_SECONDS, taken.attempt, reason="a release may not hold the fix")
                return
            ending = errand.run(lambda issue: self._decide(taken, issue, told))
        except SentryTrouble as trouble:
            self._postpone(taken, REFUSED_SECONDS, taken.attempt, reason=str(trouble))
            return
        except (NotSeen, NotOurs, Refused, Postponed, Unknown) as trouble:
            self._fail(taken, errand, trouble, began_at=began_at)
            return
        is_verified = ending is None and all(step.is_told for step in told)
        self.book.settle(taken, now=self.clock(), is_verified=is_verified)
        if is_verified:
            about = {"fingerprint": taken.name, "issue": taken.issue}
            log.info("issue_verified", extra=about | {"commits": [each.commit for each in taken.releases]})

    def _decide(self, taken: Verification, issue: Issue, told: list[Step]) -> Step:
        commits = [each.commit for each in taken.releases]
        step = on_quiet(issue, closed_at=taken.closed_at, days=self.days, commits=commits, web=self.web)
        told.append(step)
        return step

    def _is_ours(self, taken: Verification) -> bool:
        now = self.clock()
        return self.book.renew(taken, now=now) and self.clock() - now <= PROMPT_SECONDS

    def _fail(
        self,
        taken: Verification,
        errand: FollowUp,
        trouble: NotSeen | NotOurs | Refused | Postponed | Unknown,
        *,
        began_at: float,
    ) -> None:
        """Have the rest done later, or by whoever has it now."""
        attempt = taken.attempt or (Attempt(began_at) if errand.is_doubtful else None)
        if isinstance(trouble, NotSeen):
            is_first = attempt is not None and attempt.looks == 0
            again = Attempt(attempt.began_at, 1) if attempt is not None and is_first else None
            self._postpone(taken, SECOND_LOOK_SECONDS - FIRST_LOOK_SECONDS if is_first else 0.0, again)
        elif isinstance(trouble, NotOurs):
            self._postpone(taken, 0.0, attempt)
        elif isinstance(trouble, Refused):
            self._postpone(taken, REFUSED_SECONDS, attempt, reason=str(trouble))
        else:
            rest = backoff(trouble, failures=0)
            pause = Pause(self.clock() + rest, str(trouble))
            wait = max(rest, FIRST_LOOK_SECONDS if isinstance(trouble, Unknown) else 0.0)
            self._postpone(taken, wait, attempt, reason=str(trouble), pause=pause)

    def _postpone(
        self,
        taken: Verification,
        seconds: float,
        attempt: Attempt | None,
        *,
        reason: str | None = None,
        pause: Pause | None = None,
    ) -> None:
        now = self.clock()
        self.book.postpone(taken, until=now + seconds, attempt=attempt, pause=pause, now=now)
        if reason is not None:
            about = {"fingerprint": taken.name, "issue": taken.issue, "reason": reason}
            log.warning("verification_postponed", extra=about | {"again_in_seconds": round(seconds)})
