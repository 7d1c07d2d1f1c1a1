"""What Sentry counted of a problem, kept for its issue."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.ledger_steps import HOUR, NOW, alert, claim, file, lease, ledger

from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef
from booty.observability.alerts.problem import SentryCount
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.problems.sentry_counts import counted_by_sentry
from booty.observability.ledger.schedule.jobs import StatusJob


def test_what_sentry_counted_is_kept_for_the_issue_and_the_newest_counts(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    seen = [datetime.fromtimestamp(NOW + offset, UTC) for offset in (0, HOUR)]
    of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="created", key="k", last_seen=seen[0], events=2, users=1), now=NOW
    )
    claim(of, alert())
    job = lease(of)
    of.queue.settle(job, IssueRef(7, ""), now=NOW)
    of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="r", last_seen=seen[1], events=1_234), now=NOW
    )
    told = of.queue.take(now=NOW + SPACING_SECONDS)

    assert job.problem.sentry == SentryCount(events=2, users=1, at=NOW)
    assert isinstance(told, StatusJob)
    assert told.problem.sentry == SentryCount(events=1_234, users=None, at=NOW + HOUR)


def test_counts_are_kept_of_a_change_that_is_not_new_too_but_none_that_are_older(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())

    assert not of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="created", key="c", events=12, users=3), now=NOW
    )
    assert not of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="created", key="d", events=2, users=1), now=NOW
    )
    of.claims.record_status_change(StatusChange(fingerprint="1:1", change="muted", key="m", events=9), now=NOW)
    told = of.queue.take(now=NOW + SPACING_SECONDS)
    assert isinstance(told, StatusJob)
    assert told.problem.sentry == SentryCount(events=12, users=3, at=None)


@pytest.mark.parametrize("odd", [None, 7, {"events": "9"}, {"users": 3}, {"events": 3, "users": "x", "at": []}])
def test_counts_of_another_shape_count_as_missing(odd: object) -> None:
    known = counted_by_sentry({"sentry": odd})

    assert known is None or known == SentryCount(events=3, users=None, at=None)
