"""What is owed is leased to one holder, in order, and settled, refused or forgotten."""

from __future__ import annotations

from pathlib import Path

from support.ledger_doors import Ledger
from support.ledger_steps import DAY, HOUR, NOW, alert, claim, file, lease, ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.gate import LEASE_SECONDS
from booty.observability.ledger.schedule.jobs import Attempt, Idle


def test_an_accepted_alert_is_owed_and_leased_with_all_it_holds(tmp_path: Path) -> None:
    one = Alert(fingerprint="1:1", event="a", severity=Severity.FATAL, title="ü", message="x" * 4000)

    assert claim(ledger(tmp_path), one) is Verdict.ACCEPTED
    assert lease(ledger(tmp_path)).alert == one


def test_leased_work_has_one_holder(tmp_path: Path) -> None:
    claim(ledger(tmp_path), alert())
    lease(ledger(tmp_path))

    assert ledger(tmp_path).queue.take(now=NOW) == Idle(NOW + LEASE_SECONDS, is_closed=True)


def test_a_dead_holders_work_is_taken_over_as_a_post_of_unknown_outcome(tmp_path: Path) -> None:
    claim(ledger(tmp_path), alert())
    assert lease(ledger(tmp_path)).attempt is None

    assert lease(ledger(tmp_path), NOW + LEASE_SECONDS).attempt == Attempt(NOW, 0)


def test_a_holder_that_outlived_its_lease_can_report_the_issue_but_not_postpone(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    late = lease(of)
    second = lease(of, NOW + LEASE_SECONDS)

    of.queue.postpone(late, due_at=NOW, attempt=None, now=NOW + LEASE_SECONDS)
    assert of.owed == 1
    of.queue.settle(late, IssueRef(7, ""), now=NOW + LEASE_SECONDS)
    assert of.owed == 0
    of.queue.settle(second, IssueRef(8, ""), now=NOW + LEASE_SECONDS + 1)
    assert of.owed == 0


def test_a_holder_that_comes_back_after_a_later_alert_does_not_settle_that_one(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    late = lease(of)
    of.queue.settle(lease(of, NOW + LEASE_SECONDS), IssueRef(7, ""), now=NOW + LEASE_SECONDS)
    claim(of, alert(event="b"), NOW + 7 * HOUR)

    of.queue.settle(late, IssueRef(7, ""), now=NOW + 7 * HOUR)

    assert of.owed == 1


def test_the_next_work_begins_a_second_after_the_last(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert("1:1"))
    claim(of, alert("1:2"))
    of.queue.settle(lease(of), IssueRef(7, ""), now=NOW + 0.3)

    assert of.queue.take(now=NOW + 0.4) == Idle(NOW + 0.3 + SPACING_SECONDS, is_closed=True)
    assert lease(of, NOW + 0.3 + SPACING_SECONDS).alert.fingerprint == "1:2"


def test_what_is_as_bad_as_frequent_is_done_newest_first(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    for number in range(3):
        claim(of, alert(f"1:{number}"), NOW + number)

    done = []
    for number in range(3):
        job = lease(of, NOW + 10 * number + 10)
        of.queue.settle(job, IssueRef(number + 1, ""), now=NOW + 10 * number + 10)
        done.append(job.alert.fingerprint)
    assert done == ["1:2", "1:1", "1:0"]


def test_a_refused_alert_is_kept_with_its_reason_until_it_is_retried(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.refuse(lease(of), "GitHub answered 403: no", attempt=Attempt(NOW, 1), now=NOW)

    letters = of.refused
    assert [(letter.fingerprint, letter.reason, letter.refused_at) for letter in letters] == [
        ("1:1", "GitHub answered 403: no", NOW)
    ]
    assert isinstance(of.queue.take(now=NOW + DAY), Idle)
    assert of.inspection.retry("1:1", now=NOW + DAY)
    assert lease(of, NOW + DAY).attempt == Attempt(NOW, 1)
    assert not of.inspection.retry("1:1", now=NOW + DAY)


def test_a_later_alert_takes_the_place_of_a_refused_one(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.refuse(lease(of), "422", attempt=None, now=NOW)
    file(of, alert(event="b"), NOW + 7 * HOUR)

    assert of.refused == ()


def test_a_settled_alert_is_forgotten_after_its_use(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    file(of, alert())

    assert of.queue.forget(now=NOW + 30 * DAY) == 0
    assert of.queue.forget(now=NOW + 30 * DAY + 1) == 1
    assert store.transact(lambda shelf: [key for key in shelf if "1:1" in key]) == []


def test_an_alert_that_came_back_is_not_forgotten(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    file(of, alert(event="b"), NOW + 20 * DAY)

    of.queue.forget(now=NOW + 31 * DAY)
    assert claim(of, alert(event="c"), NOW + 20 * DAY + HOUR) is Verdict.COOLDOWN
