"""The courier's door: jobs are leased from it, then settled or given back."""

from __future__ import annotations

from functools import partial

from booty.observability.alerts.issue import IssueRef, Standing
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.ledger import settlements
from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.handover.assignments import Assignment, lease_assignment
from booty.observability.ledger.handover.door import HandoverDoor
from booty.observability.ledger.journal import lines
from booty.observability.ledger.problems.forgetting import USELESS, forget_all
from booty.observability.ledger.repositories.home import UNNAMED, Home
from booty.observability.ledger.schedule import job_records, leases, returns
from booty.observability.ledger.schedule.gates import ONE_TOKEN, GatesOf
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Idle, Job, JobNotes, Outcome, Pause, Stop
from booty.observability.ledger.schedule.reports import Reports
from booty.observability.ledger.settlements import Moment
from booty.observability.ledger.with_sentry.link_book import owe_link


class Queue:
    """The courier's door; times are unix seconds. Raises `NotStored`, but for how a job ended: see `Reports`."""

    def __init__(self, engine: Engine, *, keep_seconds: float, is_linking: bool = False, home: Home = UNNAMED) -> None:
        """Keep a settled history for `keep_seconds`, which should be no less than the cooldown.

        `is_linking`: Sentry is to be told of new issues. `home` knows the repository of the settings.
        """
        self._engine, self._reports = engine, Reports(engine)
        self.handover = HandoverDoor(engine, self._reports)
        self._keep_seconds = keep_seconds
        self._is_linking = is_linking
        self._home = home

    def take(
        self, *, now: float, gates_of: GatesOf = ONE_TOKEN, storm: StormLimit | None = None
    ) -> Job | Assignment | Idle:
        """Take the assignment that is due first, else the job; or learn how long to rest, since none may be delivered.

        When no post of the job was begun yet, one counts as begun from here on. What is beyond `storm` shares a digest.
        """

        def work(shelf: Shelf) -> Job | Assignment | Idle:
            owed = lease_assignment(shelf, now, gates_of=gates_of, home=self._home)
            return owed or leases.take_due(shelf, now, gates_of=gates_of, home=self._home, storm=storm)

        give_back, ahead = partial(returns.give_back, now=now), leases.look_ahead(gates_of)
        return self._reports.take_next(work, now, give_back=give_back, ahead=ahead)

    def renew(self, job: Job, *, now: float, labels: tuple[str, ...] = ()) -> bool:
        """Hold the job for another lease; return False when somebody else may have it, so that nothing may be written.

        `labels`, about to be put on, are noted for whoever takes over.
        """
        reads = job_records.keys_of(job)
        return self._engine.transact(lambda shelf: leases.renew(shelf, job, now, labels=labels), reads=reads)

    def settle(
        self, job: Job, filing: IssueRef | None, *, now: float, outcome: Outcome | None = None, is_proof: bool = True
    ) -> None:
        """Record that the job is done: the issue exists, as `filing` says, or has been written to when it is None.

        `outcome` is how the issue was left; None after a filing, and when there was nothing to write to. `is_proof`:
        the tracker took something, which ends a stop.
        """
        if filing is not None and outcome is None:
            outcome = Outcome(Standing(as_of=now))
        at = self._moment(now)

        def work(shelf: Shelf) -> None:
            settlements.settle(shelf, job, filing, outcome, at, is_proof=is_proof)
            self._owe_link(shelf, job, filing, now)

        self._reports.tell(work, about=job)

    def adopt(self, job: Job, filing: IssueRef, *, now: float) -> None:
        """Record that the problem has the issue already, then give the job back, to be shown in it."""

        def work(shelf: Shelf) -> None:
            settlements.adopt(shelf, job, filing, now=now)
            self._owe_link(shelf, job, filing, now)

        self._reports.tell(work, about=job)

    def _owe_link(self, shelf: Shelf, job: Job, filing: IssueRef | None, now: float) -> None:
        is_test = isinstance(job, FilingJob) and job.alert.is_test  # Sentry knows no such problem
        if self._is_linking and filing is not None and not is_test:
            owe_link(shelf, job.fingerprint, filing, now=now)

    def await_alert(self, job: Job, *, now: float) -> None:
        """Give up a job that needs a new issue but has an alert in short form: the next alert brings a whole one."""
        self._reports.tell(lambda shelf: settlements.await_alert(shelf, job, self._moment(now)), about=job)

    def refuse(self, job: Job, reason: str, *, attempt: Attempt | None, now: float) -> None:
        """Keep the alert as a dead letter with GitHub's words, until `retry` or a later alert takes its place.

        `attempt` is the post that may have made the issue all the same, so that a retry looks for it first.
        """
        at = self._moment(now)
        self._reports.tell(lambda shelf: settlements.refuse(shelf, job, reason, attempt, at), about=job)

    def postpone(  # noqa: PLR0913 - all that is known of the job afterwards, by its names
        self,
        job: Job,
        *,
        due_at: float,
        attempt: Attempt | None,
        pause: Pause | None = None,
        notes: JobNotes | None = None,
        now: float,
    ) -> None:
        """Give the job back until `due_at`, with what is now known of its post; `pause` when the call failed.

        `notes` take the place of those that it has.
        """
        self._reports.tell(
            lambda shelf: returns.postpone(
                shelf, job, due_at=due_at, attempt=attempt, pause=pause, notes=notes, now=now
            ),
            about=job,
        )

    def stop(self, job: Job, reason: str, remedy: str, *, attempt: Attempt | None, now: float) -> Stop | None:
        """Give the job back and stop all deliveries, since everything would be refused like it; return the stop.

        None: it is this job alone that is refused, since others were taken after it had been refused already.
        """
        return self._engine.transact(lambda shelf: returns.stop(shelf, job, reason, remedy, attempt=attempt, now=now))

    def forget(self, *, now: float) -> int:
        """Forget settled histories that have had their use, some hundred at a time; return how many of their keys went.

        Lines of the journal go after a week. Nothing of what is no longer in the ledger is left in its files.
        """
        work = partial(forget_all, now=now, keep_seconds=self._keep_seconds)
        forgotten = self._engine.transact(work, reads=(lines.KEY,), ranges=USELESS)
        self.tidy()
        return forgotten

    def tidy(self) -> None:
        """Leave nothing in the files of what is no longer in the ledger."""
        self._engine.tidy()

    def _moment(self, now: float) -> Moment:
        return Moment(now, now + self._keep_seconds)
