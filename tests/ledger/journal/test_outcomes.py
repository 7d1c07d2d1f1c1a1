"""What became of a decision is noted in its line when it is settled."""

from __future__ import annotations

from pathlib import Path

from support.journal import lines, outcomes
from support.ledger_steps import DAY, HOUR, NOW, alert, claim, file, lease, ledger

from booty.observability.alerts.issue import IssueRef, Standing
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.journal.outcomes import MOST, note_outcome
from booty.observability.ledger.schedule.jobs import Outcome, Pause, StatusJob

ISSUE = IssueRef(7, "https://github.com/acme/shop/issues/7")


def test_an_issue_that_was_filed_is_named(tmp_path: Path) -> None:
    file(ledger(tmp_path), alert())

    [line] = lines(tmp_path, now=NOW)

    assert [(each.what, each.at, each.issue) for each in line.became] == [("filed", NOW, 7)]


def test_a_delivery_that_is_postponed_again_and_again_is_one_outcome_with_a_count(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    for number in range(1, 4):
        now = NOW + number * HOUR
        of.queue.postpone(lease(of, now), due_at=now, attempt=None, pause=Pause(now + 60, f"GitHub: {number}"), now=now)
    of.queue.settle(lease(of, NOW + DAY), ISSUE, now=NOW + DAY)

    [line] = lines(tmp_path, now=NOW + DAY)

    assert outcomes(line) == ["postponed", "filed"]
    assert (line.became[0].times, line.became[0].reason, line.became[0].until) == (3, "GitHub: 3", NOW + 3 * HOUR)


def test_a_refusal_keeps_githubs_words_and_a_retry_is_seen(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.refuse(lease(of), "422 Validation Failed", attempt=None, now=NOW + 1)
    of.inspection.retry("1:1", now=NOW + 2)
    of.queue.settle(lease(of, NOW + 9), ISSUE, now=NOW + 9)

    [line] = lines(tmp_path, now=NOW + 9)

    assert outcomes(line) == ["refused", "retried", "filed"]
    assert line.became[0].reason == "422 Validation Failed"


def test_a_stop_of_all_deliveries_postpones_the_one_that_met_it(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.stop(lease(of), "401 Bad credentials", "set a new GITHUB_TOKEN", attempt=None, now=NOW)

    [line] = lines(tmp_path, now=NOW)

    assert [(each.what, each.reason) for each in line.became] == [("postponed", "401 Bad credentials")]


def test_what_was_done_to_an_issue_that_there_was_is_noted_with_the_alert_that_did_it(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    claim(of, alert(event="b"), NOW + 7 * HOUR)
    job = lease(of, NOW + 7 * HOUR)
    of.queue.settle(job, None, now=NOW + 7 * HOUR, outcome=Outcome(Standing(as_of=NOW), became="reopened"))

    first, second = lines(tmp_path, now=NOW + DAY)

    assert (outcomes(first), outcomes(second)) == (["filed"], ["reopened"])


def test_an_alert_that_cooled_down_has_an_outcome_when_its_issue_is_told_of_it_later(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert().but(release="shop@1"))
    job = lease(of)
    claim(of, alert(event="b").but(release="shop@2"), NOW + 1)
    of.queue.settle(job, ISSUE, now=NOW + 2)
    of.queue.settle(lease(of, NOW + 9), None, now=NOW + 9, outcome=Outcome(Standing(as_of=NOW + 9)))

    noted = [(line.verdict, outcomes(line)) for line in lines(tmp_path, now=NOW + DAY)]

    assert noted == [("accepted", ["filed"]), ("cooldown", ["updated"])]


def test_a_status_change_has_an_outcome_of_its_own(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    of.claims.record_status_change(StatusChange(fingerprint="1:1", change="resolved", key="k"), now=NOW + 60)
    job = of.queue.take(now=NOW + 60)
    assert isinstance(job, StatusJob)
    of.queue.settle(job, None, now=NOW + 61, outcome=Outcome(Standing(closed_at=NOW, as_of=NOW), became="closed"))

    accepted, resolved = lines(tmp_path, now=NOW + DAY)

    assert (outcomes(accepted), outcomes(resolved)) == (["filed"], ["closed"])


def test_a_line_has_room_for_so_many_outcomes_and_keeps_the_first(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    for number in range(40):
        what = "linked" if number % 2 else "updated"
        of.engine.transact(lambda shelf, what=what: note_outcome(shelf, "1:1", what, now=NOW + 1, issue=7))  # type: ignore[misc]  # bound now

    [line] = lines(tmp_path, now=NOW + 2)

    assert len(line.became) == MOST
    assert (line.became[0].what, line.became[-1].what) == ("filed", "linked")


def test_what_another_release_accepted_meanwhile_is_no_outcome_of_an_earlier_alert(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    line = of.engine.transact(lambda shelf: shelf["alert/1:1"]["line"])
    claim(of, alert(event="b"), NOW + 7 * HOUR)
    of.engine.transact(lambda shelf: shelf.update({"alert/1:1": shelf["alert/1:1"] | {"line": line}}))

    of.queue.settle(lease(of, NOW + 7 * HOUR), None, now=NOW + 7 * HOUR, outcome=Outcome(Standing(as_of=NOW)))

    assert outcomes(lines(tmp_path, now=NOW + DAY)[0]) == ["filed"]


def test_a_problem_of_a_release_that_keeps_no_journal_has_no_line_and_goes_on(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.engine.transact(lambda shelf: [shelf.pop(key) for key in [*shelf.under("journal/")]])

    of.queue.settle(lease(of), ISSUE, now=NOW)

    assert lines(tmp_path, now=NOW) == []
    assert of.owed == 0
