"""When a problem began, as far as that can say which release it came with."""

from __future__ import annotations

from booty.observability.ledger.schedule.jobs import FilingJob


def began_at_of(job: FilingJob) -> float | None:
    """Return when the problem was first seen (unix seconds), None of one that is not new, or of several releases.

    Of an alert that Sentry was asked for, it is when that happened; what Sentry itself saw before counts.
    """
    problem, alert = job.problem, job.alert
    is_known = problem.issue is not None or problem.is_back or alert.is_regression or alert.is_test
    if is_known or set(problem.releases) - {alert.release}:
        return None
    in_sentry = alert.first_seen.timestamp() if alert.first_seen else problem.began_at
    happened = problem.happened_at if alert.is_reconciled else None
    return min(each for each in (problem.first_seen, happened, in_sentry) if each is not None)
