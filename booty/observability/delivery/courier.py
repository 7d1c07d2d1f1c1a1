"""The delivery loop: accepted alerts become issues, or update the issue that they already have.

Guarantee: every alert that was accepted becomes an issue exactly once, or is kept as a dead letter with the tracker's
reason, under these faults: kill -9 of any process at any moment; several workers, or two releases, at once; answers
that are late, lost or nonsense; 5xx, rate limits and outages of any length; a token that expires, a repository that
is archived, and whatever else makes the tracker refuse everything; a full disk.

How: see `attempt`. What remains: a tracker whose list hides a new issue for longer than `SECOND_LOOK_SECONDS`, or that
acts on a call a minute late, gets a second one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread

from booty.observability.alerts.handover.terms import AS_EVER, Terms
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.delivery.attempt import attempt
from booty.observability.delivery.delivery import Delivery
from booty.observability.delivery.place import Place, nowhere
from booty.observability.delivery.retry import seconds_of
from booty.observability.delivery.setbacks import Inherited
from booty.observability.delivery.storm.digests import Digests, earlier
from booty.observability.issues.code.code_context import CodeContextSource
from booty.observability.issues.life.step import Rules
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.handover.assignments import Assignment
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.gates import ONE_TOKEN, GatesOf
from booty.observability.ledger.schedule.jobs import Attempt, Idle, Job
from booty.observability.ledger.storm.book import StormBook
from booty.observability.log_context import about

log = logging.getLogger(__name__)

FORGET_SECONDS = 60.0
"""How long between two looks for histories to forget."""
TROUBLE_SECONDS = 5.0
"""How long to wait after the ledger could not be written, or after a fault of ours."""
STOP_SECONDS = 15.0
"""How long a stop waits for the call in flight; what is left then counts as unknown."""


class Courier:
    """A thread that delivers, one in every worker process; leases in the ledger keep them apart."""

    def __init__(  # noqa: PLR0913 - the ports of the loop, most of them optional, by their names
        self,
        queue: Queue,
        tracker: Tracker,
        *,
        trigger_label: str,
        terms: Terms = AS_EVER,
        rules: Rules | None = None,
        code_context: CodeContextSource | None = None,
        sentry: SentryPages | None = None,
        gates_of: GatesOf = ONE_TOKEN,
        elsewhere: Callable[[str], Place] = nowhere,
        storm: StormBook | None = None,
        on_turn: Callable[[float], object] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare; nothing runs before `wake`, so that this may be done before a fork.

        `gates_of` a repository: with a new token, nothing waits for what the old one was refused for. `storm` knows
        what shares a digest. `on_turn` is told the time with every turn of the loop. For the rest see `Delivery`.
        """
        self._delivery = Delivery(queue, tracker, trigger_label, terms, rules, code_context, sentry, clock, elsewhere)
        self._queue, self._digests = queue, Digests(self._delivery, storm)
        self._clock, self._on_turn, self._gates_of = clock, on_turn, gates_of
        self._thread: Thread | None = None
        self._inherited, self._forgot_at = Inherited(clock()), 0.0
        self._starting, self._stopping, self._called = Lock(), Event(), Event()

    def wake(self) -> None:
        """Deliver what is due now; the first call in a process starts the thread."""
        if self._called.is_set():  # the thread has yet to look at what is due
            return
        with self._starting:
            if self._thread is None and not self._stopping.is_set():
                self._thread = Thread(target=self._run, name="courier", daemon=True)
                self._thread.start()
        self._called.set()

    def stop(self) -> None:
        """Finish the call in flight, but for at most `STOP_SECONDS`; take no more jobs."""
        self._stopping.set()
        self._called.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            with suppress(NotStored):
                self._queue.tidy()

    def step(self) -> Idle | None:
        """Do the one job that is due, if any; return how long to rest when none is. Raises `NotStored`."""
        if (rest := self._digests.step()) is None:
            return None
        job = self._queue.take(now=self._clock(), gates_of=self._gates_of, storm=self._digests.limit)
        if isinstance(job, Assignment):
            self._delivery.at(job.repository).assigning.make(job)
            return None
        if isinstance(job, Idle):
            self._inherited.tell(*job.stops)
            return earlier(job, rest)
        self._inherited.tell((job.destination.repository, job.stop))
        with about(self._delivery.page_of(job), repository=job.destination.repository):
            self._attempt(job)
        return None

    def _attempt(self, job: Job) -> None:
        try:
            attempt(self._delivery.at(job.destination.repository), job)
        except NotStored:
            raise
        except Exception as error:  # an alert that trips a bug of ours must not hold up the ones behind it
            log.exception("delivery_failed", extra={"fingerprint": job.key})
            reason = f"this service failed on it: {type(error).__name__}"
            self._queue.refuse(job, reason, attempt=job.attempt or Attempt(self._clock()), now=self._clock())

    def _run(self) -> None:
        while True:
            self._called.clear()
            if self._stopping.is_set():  # asked after `clear`, which may have taken the call of `stop` away
                return
            try:
                self._on_turn(self._clock())
                if (rest := self.step()) is not None:
                    self._forget()
                    self._wait(rest)
            except NotStored:
                self._called.wait(TROUBLE_SECONDS)
            except Exception:  # the outermost loop of the thread: without it, a bug would end all deliveries
                log.exception("courier_failed")
                self._called.wait(TROUBLE_SECONDS)

    def _forget(self) -> None:
        if not 0 <= (now := self._clock()) - self._forgot_at < FORGET_SECONDS:
            self._forgot_at = now
            self._queue.forget(now=now)

    def _wait(self, rest: Idle) -> None:
        """Wait for a job; while deliveries are paused a new alert, of which a storm brings many, changes nothing."""
        (self._stopping if rest.is_closed else self._called).wait(seconds_of(rest, now=self._clock()))
