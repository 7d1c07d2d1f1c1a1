"""What is done about a problem in Sentry reaches the issue that it has."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from support.ledger_steps import DAY, HOUR, NOW, alert, claim, file, lease, ledger

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.schedule.jobs import StatusJob


def test_a_problem_that_sentry_created_files_nothing_but_is_remembered(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    seen = datetime.fromtimestamp(NOW - DAY, UTC)

    assert not of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="created", key="k", last_seen=seen), now=NOW
    )
    assert of.owed == 0
    assert claim(of, alert()) is Verdict.ACCEPTED
    assert lease(of).problem.first_seen == NOW - DAY


def test_that_a_problem_was_created_is_not_owed_to_its_issue_and_undoes_nothing(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    of.claims.record_status_change(StatusChange(fingerprint="1:1", change="resolved", key="r"), now=NOW)

    assert not of.claims.record_status_change(StatusChange(fingerprint="1:1", change="created", key="c"), now=NOW)
    job = of.queue.take(now=NOW + SPACING_SECONDS)
    assert isinstance(job, StatusJob)
    assert job.change.change == "resolved"


def test_a_change_of_a_problem_whose_issue_is_still_owed_waits_for_the_issue(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())

    assert of.claims.record_status_change(StatusChange(fingerprint="1:1", change="resolved", key="r"), now=NOW)
    assert not of.claims.record_status_change(StatusChange(fingerprint="1:1", change="resolved", key="r"), now=NOW)
    of.queue.settle(lease(of), IssueRef(7, "https://github.com/acme/shop/issues/7"), now=NOW)
    told = of.queue.take(now=NOW + SPACING_SECONDS)
    assert isinstance(told, StatusJob)
    assert (told.change.change, told.problem.issue) == ("resolved", 7)
    of.queue.settle(told, None, now=NOW + SPACING_SECONDS)
    assert of.owed == 0


def test_the_replay_of_a_change_from_before_the_issue_changes_nothing(tmp_path: Path) -> None:
    of, change = ledger(tmp_path), StatusChange(fingerprint="1:1", change="resolved", key="k")

    assert not of.claims.record_status_change(change, now=NOW)
    file(of, alert())
    assert not of.claims.record_status_change(change, now=NOW + 60)
    assert of.claims.record_status_change(change.but(key="l"), now=NOW + 60)


def test_a_change_that_is_older_than_an_alert_is_passed_over(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    one = alert().but(occurred_at=datetime.fromtimestamp(NOW, UTC))
    file(of, one)
    old, new = (datetime.fromtimestamp(NOW + offset, UTC) for offset in (-HOUR, -60.0))

    assert not of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="a", last_seen=old), now=NOW
    )
    assert of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="b", last_seen=new), now=NOW
    )
