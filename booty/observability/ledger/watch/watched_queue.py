"""The courier's door, noting what goes through it."""

from __future__ import annotations

from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.handover.assignments import Assignment
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.repositories.home import UNNAMED, Home
from booty.observability.ledger.schedule.gates import ONE_TOKEN, GatesOf
from booty.observability.ledger.schedule.jobs import Attempt, Idle, Job, JobNotes, Outcome, Pause, Stop
from booty.observability.ledger.watch import notes


class WatchedQueue(Queue):
    """A `Queue` that notes when the courier moved, with the outcome of each delivery."""

    def __init__(
        self,
        engine: Engine,
        *,
        keep_seconds: float,
        noted: notes.Notes,
        is_linking: bool = False,
        home: Home = UNNAMED,
    ) -> None:
        """Note everything in `noted`; the rest is as in `Queue`."""
        super().__init__(engine, keep_seconds=keep_seconds, is_linking=is_linking, home=home)
        self._noted = noted

    def take(
        self, *, now: float, gates_of: GatesOf = ONE_TOKEN, storm: StormLimit | None = None
    ) -> Job | Assignment | Idle:
        """See `Queue.take`."""
        self._noted.moved_at = now
        return super().take(now=now, gates_of=gates_of, storm=storm)

    def renew(self, job: Job, *, now: float, labels: tuple[str, ...] = ()) -> bool:
        """See `Queue.renew`."""
        self._noted.moved_at = now
        return super().renew(job, now=now, labels=labels)

    def settle(
        self, job: Job, filing: IssueRef | None, *, now: float, outcome: Outcome | None = None, is_proof: bool = True
    ) -> None:
        """See `Queue.settle`."""
        super().settle(job, filing, now=now, outcome=outcome, is_proof=is_proof)
        self._noted.count(f"deliveries/{'updated' if filing is None else 'filed'}")

    def refuse(self, job: Job, reason: str, *, attempt: Attempt | None, now: float) -> None:
        """See `Queue.refuse`."""
        super().refuse(job, reason, attempt=attempt, now=now)
        self._noted.count("deliveries/refused")

    def postpone(  # noqa: PLR0913 - as `Queue`
        self,
        job: Job,
        *,
        due_at: float,
        attempt: Attempt | None,
        pause: Pause | None = None,
        notes: JobNotes | None = None,
        now: float,
    ) -> None:
        """See `Queue.postpone`."""
        super().postpone(job, due_at=due_at, attempt=attempt, pause=pause, notes=notes, now=now)
        if pause is not None:
            self._noted.count("deliveries/postponed")

    def stop(self, job: Job, reason: str, remedy: str, *, attempt: Attempt | None, now: float) -> Stop | None:
        """See `Queue.stop`."""
        stop = super().stop(job, reason, remedy, attempt=attempt, now=now)
        if stop is not None:
            self._noted.count("deliveries/stopped")
        return stop
