"""What follows when a call to the tracker did not succeed: what the ledger is told, what is logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from booty.observability.delivery.retry import (
    FIRST_LOOK_SECONDS,
    LEAST_MISSING_SECONDS,
    MISSING_SECONDS,
    SECOND_LOOK_SECONDS,
    backoff,
)
from booty.observability.issues.outcomes import Absent, Passing, Postponed, Refused, Unknown
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.jobs import Attempt, Job, Pause, Stop
from booty.observability.log_context import about
from booty.observability.text.moments import iso

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inherited:
    """The stops that were there before this process `began_at`; which repositories' are told."""

    began_at: float
    _told: set[str | None] = field(default_factory=set, init=False)

    def tell(self, *stops: tuple[str | None, Stop | None]) -> None:
        """Log each one, once: the line that said so may be far back, or in another log."""
        for repository, stop in stops:
            if stop is not None and stop.since < self.began_at and repository not in self._told:
                self._told.add(repository)
                with about(None, repository=repository):
                    about_stop = {"reason": stop.reason, "remedy": stop.remedy, "since": iso(stop.since)}
                    log.error("deliveries_still_stopped", extra=about_stop)


@dataclass(frozen=True, slots=True)
class Setbacks:
    """The ledger, and a clock in unix seconds."""

    queue: Queue
    clock: Callable[[], float]

    def fail(self, job: Job, failure: Refused | Postponed | Unknown, *, due_at: float, attempt: Attempt | None) -> None:
        """Do what a failed call asks for: wait, look again, stop all deliveries, or keep it as a dead letter.

        `attempt` is the call that may have arrived, None when none did.
        """
        if isinstance(failure, Passing) and not self.is_believed(job):
            self.wait_a_moment(job, attempt=attempt, passing=failure)
        elif not isinstance(failure, Refused):
            self._postpone(job, failure, due_at=due_at, attempt=attempt)
        elif failure.remedy is None or not self._stop(job, failure, failure.remedy, attempt=attempt):
            self.refuse(job, failure, attempt=attempt)

    def _stop(self, job: Job, refusal: Refused, remedy: str, *, attempt: Attempt | None) -> bool:
        """Stop all deliveries; return False when it is this job alone that is refused."""
        stop = self.queue.stop(job, str(refusal), remedy, attempt=attempt, now=self.clock())
        if stop is None:
            return False
        if job.stop is None or job.stop.remedy != remedy:
            log.error("deliveries_stopped", extra={"reason": str(refusal), "remedy": remedy})
        return True

    def refuse(self, job: Job, refusal: Refused, *, attempt: Attempt | None) -> None:
        """Keep this job as a dead letter."""
        self.queue.refuse(job, str(refusal), attempt=attempt, now=self.clock())
        log.error(
            "delivery_refused",
            extra={
                "fingerprint": job.key,
                "reason": str(refusal),
                "remedy": "fix the cause, then: booty retry --all",
            },
        )
        self.tell_resumed(job)

    def look_again(self, job: Job, attempt: Attempt) -> None:
        """After a first look that found nothing, wait for the second; after that one, the post counts as never made."""
        now = self.clock()
        if attempt.looks == 0:
            again_at = now + SECOND_LOOK_SECONDS - FIRST_LOOK_SECONDS
            self.queue.postpone(job, due_at=again_at, attempt=Attempt(attempt.began_at, 1), notes=job.notes, now=now)
        else:
            self.queue.postpone(job, due_at=now, attempt=None, notes=job.notes, now=now)

    def wait_a_moment(self, job: Job, *, attempt: Attempt | None, passing: Passing) -> None:
        """Note what may pass, such as that something was not there; it is believed when it is so some seconds later."""
        now = self.clock()
        notes = replace(job.notes, missing_at=now)
        self.queue.postpone(job, due_at=now + MISSING_SECONDS, attempt=attempt, notes=notes, now=now)
        extra = {"fingerprint": job.key, "issue": job.problem.issue, "reason": str(passing), "seconds": MISSING_SECONDS}
        if isinstance(passing, Absent):
            log.warning("issue_missing", extra=extra)
        else:
            log.warning("issue_busy", extra=extra)

    def is_believed(self, job: Job) -> bool:
        """Return whether the issue was missing or busy before, long enough ago that a replica has caught up."""
        missing_at = job.notes.missing_at
        return missing_at is not None and abs(self.clock() - missing_at) >= LEAST_MISSING_SECONDS

    def tell_resumed(self, job: Job, *, is_proof: bool = True) -> None:
        """Log that deliveries go on, if they were stopped and something was taken."""
        if job.stop is not None and is_proof:
            log.info("deliveries_resumed", extra={"stopped_seconds": round(self.clock() - job.stop.since)})

    def _postpone(self, job: Job, delay: Postponed | Unknown, *, due_at: float, attempt: Attempt | None) -> None:
        now = self.clock()
        is_of_all = isinstance(delay, Postponed) and not delay.is_of_one
        pause = Pause(now + backoff(delay, failures=job.failures), str(delay), is_of_all=is_of_all)
        self.queue.postpone(job, due_at=due_at, attempt=attempt, pause=pause, notes=job.notes, now=now)
        log.warning(
            "delivery_postponed",
            extra={
                "fingerprint": job.key,
                "reason": str(delay),
                "is_outcome_known": attempt is None,
                "pause_seconds": round(pause.until - now, 1),
                "again_in_seconds": round(max(pause.until, due_at) - now, 1),
            },
        )
