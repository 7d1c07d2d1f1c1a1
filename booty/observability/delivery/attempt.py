"""One attempt at one job, up to what the ledger is told of it.

That a post begins is on disk before it begins (`Queue.take`). When its outcome is not known, nothing is posted before
its marker was looked for twice, spaced so that a list that lags by less than `SECOND_LOOK_SECONDS` has caught up; one
of the two spaces holds even when the clock is set forward. The lease is renewed from call to call: a holder that was
held up does not write, since another may have its job by then.
"""

from __future__ import annotations

from booty.observability.delivery.delivery import Delivery
from booty.observability.delivery.filing import Filing
from booty.observability.delivery.retry import FIRST_LOOK_SECONDS
from booty.observability.delivery.telling import Telling
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.schedule.jobs import Attempt, Job, StatusJob


def attempt(delivery: Delivery, job: Job) -> None:
    """File the alert, or do to its issue what the alert or the status change means. Raises `NotStored`."""
    begun = job.attempt or Attempt(delivery.clock())
    try:
        _make(delivery, job)
    except NotStored:  # the others need not wait until its lease has run out
        due_at = begun.began_at + FIRST_LOOK_SECONDS
        delivery.queue.postpone(job, due_at=due_at, attempt=begun, now=delivery.clock())
        raise


def _make(delivery: Delivery, job: Job) -> None:
    began_at = delivery.clock()
    is_first_again = job.failures > 0 and job.attempt is None  # no outage is to leave one post after another in doubt
    if job.stop is not None or is_first_again:
        try:
            delivery.tracker.check()
        except (Refused, Postponed, Unknown) as failure:
            delivery.setbacks.fail(job, failure, due_at=began_at, attempt=job.attempt)
            return
        if not delivery.is_ours(job):
            delivery.queue.postpone(job, due_at=began_at, attempt=job.attempt, notes=job.notes, now=delivery.clock())
            return
    ending = None
    if job.problem.issue is not None and delivery.rules is not None:
        is_done, ending = Telling(delivery).tell(job, job.problem.issue, delivery.rules)
        if is_done:
            return
    if isinstance(job, StatusJob) and job.change.change != "unresolved":
        delivery.queue.settle(job, None, now=delivery.clock(), is_proof=False)
    elif isinstance(job, StatusJob) or job.alert.is_brief:
        delivery.queue.await_alert(job, now=delivery.clock())
    else:
        Filing(delivery).file(job, ending)
