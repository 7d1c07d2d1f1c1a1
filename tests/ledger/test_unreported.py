"""What came and was not told is told once it may be: with the ledger on disk, and what people do to the issue."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.ledger_doors import Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import MOST_EXCEPTIONS, Policy, Verdict, decide
from booty.observability.alerts.issue import MUTE, SPACING_SECONDS, Issue, IssueRef, Standing
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.gate import LEASE_SECONDS
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Idle, Outcome, StatusJob

FORK = multiprocessing.get_context("fork")
NOW = 1_800_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR
POLICY = Policy(Severity.ERROR, 6 * HOUR)
OPEN = Issue(number=7, is_open=True, is_completed=False, closed_at=None, labels=(), body="")
DONE = replace(OPEN, is_open=False, is_completed=True, closed_at=NOW + 60)


class Problem:
    """One problem in a ledger on disk, whose issue 7 was filed at `NOW`, and a clock."""

    def __init__(self, directory: Path) -> None:
        self.now = NOW
        self.store = SqliteEngine(directory)
        self.ledger = Ledger(directory, engine=self.store)
        self.events = 0
        assert self.alert(release="a") is Verdict.ACCEPTED
        self.settle()

    def alert(
        self,
        *,
        release: str | None = None,
        severity: Severity = Severity.ERROR,
        event: str | None = None,
        fingerprint: str = "1:1",
        ago: float = 0.0,
    ) -> Verdict:
        self.events += 1
        one = Alert(
            fingerprint=fingerprint,
            event=event or f"e{self.events}",
            severity=severity,
            release=release,
            occurred_at=datetime.fromtimestamp(self.now - ago, UTC),
        )
        return self.ledger.claims.claim(one, lambda history: decide(one, POLICY, history, self.now), now=self.now)

    def owed(self) -> FilingJob | StatusJob | Idle:
        self.now += SPACING_SECONDS
        job = self.ledger.queue.take(now=self.now)
        assert isinstance(job, FilingJob | StatusJob | Idle)
        return job

    def settle(self, outcome: Outcome | None = None) -> FilingJob | StatusJob:
        work = self.owed()
        assert not isinstance(work, Idle)
        filing = IssueRef(7, "") if work.problem.issue is None else None
        self.ledger.queue.settle(work, filing, now=self.now, outcome=outcome)
        return work

    def learn(self, issue: Issue) -> None:
        ClosingBook(self.store).learn([issue], as_of=self.now, now=self.now)

    def later(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def problem(tmp_path: Path) -> Problem:
    return Problem(tmp_path)


def test_what_came_between_a_closing_and_our_knowing_of_it_is_owed_when_it_is_known(problem: Problem) -> None:
    problem.later(90)
    assert problem.alert() is Verdict.COOLDOWN
    problem.learn(DONE)

    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert (work.alert.event, work.alert.is_brief, work.problem.issue) == ("e2", True, 7)


def test_what_came_before_the_closing_is_not_owed(problem: Problem) -> None:
    problem.later(90)
    problem.alert(ago=60)
    problem.learn(DONE)

    assert isinstance(problem.owed(), Idle)


def test_a_release_from_before_the_closing_is_not_owed(problem: Problem) -> None:
    problem.later(90)
    problem.alert(release="a")
    problem.learn(DONE)

    assert isinstance(problem.owed(), Idle)


def test_an_alert_after_a_known_closing_is_accepted_within_the_cooldown(problem: Problem) -> None:
    problem.later(90)
    problem.learn(DONE)

    assert problem.alert(ago=60) is Verdict.COOLDOWN
    assert problem.alert(release="a") is Verdict.COOLDOWN
    assert problem.alert() is Verdict.NEWS


def test_a_release_that_another_problem_was_seen_in_before_the_closing_is_old(problem: Problem) -> None:
    problem.alert(release="b", fingerprint="1:2")
    problem.settle()
    problem.later(90)
    problem.alert(release="b")
    problem.settle(Outcome(Standing(closed_at=NOW + 60, as_of=problem.now), is_shown=False))

    assert problem.alert(release="b") is Verdict.COOLDOWN


def test_a_release_that_another_problem_was_seen_in_is_no_older_for_being_new_to_this_one(problem: Problem) -> None:
    problem.later(30)
    problem.alert(release="b", fingerprint="1:2")
    problem.settle()
    problem.later(30)
    problem.learn(DONE)
    problem.later(30)
    problem.alert(release="b")
    work = problem.owed()

    assert isinstance(work, FilingJob)
    assert work.problem.releases["b"] < DONE.closed_at < problem.now  # type: ignore[operator]  # it is closed


def test_what_comes_late_does_not_take_the_place_of_what_came_after_the_closing(problem: Problem) -> None:
    problem.later(90)
    problem.alert(event="after")
    problem.alert(event="late", ago=60)
    problem.learn(DONE)

    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert work.alert.event == "after"


def test_what_came_while_it_was_muted_is_owed_though_something_was_kept_in_mind_before(problem: Problem) -> None:
    problem.alert(release="a", event="before")
    problem.learn(replace(OPEN, labels=(MUTE,)))
    problem.later(7 * HOUR)
    problem.alert(release="a", event="muted")
    problem.settle(Outcome(Standing(is_muted=True, as_of=problem.now), is_shown=False))
    problem.later(60)
    problem.learn(OPEN)

    assert isinstance(problem.owed(), FilingJob)


def test_what_came_back_is_owed_though_the_alert_before_was_refused(problem: Problem) -> None:
    problem.later(7 * HOUR)
    problem.alert()
    work = problem.owed()
    assert isinstance(work, FilingJob)
    problem.ledger.queue.refuse(work, "no", attempt=None, now=problem.now)
    problem.later(60)
    problem.alert(event="back")
    problem.learn(replace(DONE, closed_at=problem.now - 30))

    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert work.alert.event == "back"
    assert problem.ledger.refused == ()


def test_what_may_have_been_written_before_the_mute_is_looked_for_before_it_is_written_after_it(
    problem: Problem,
) -> None:
    problem.later(7 * HOUR)
    problem.alert(release="b")
    began_at = problem.now + SPACING_SECONDS
    assert isinstance(problem.owed(), FilingJob)  # its holder dies
    problem.later(LEASE_SECONDS)
    problem.settle(Outcome(Standing(is_muted=True, as_of=problem.now), is_shown=False))
    problem.later(60)
    problem.learn(OPEN)

    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert work.attempt == Attempt(began_at)


def test_a_level_that_got_worse_before_the_issue_was_filed_is_owed_after_it(problem: Problem) -> None:
    problem.alert(fingerprint="1:2")
    problem.alert(fingerprint="1:2", severity=Severity.FATAL, event="worse")
    problem.settle()

    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert (work.alert.event, work.problem.told_severity, work.problem.worst) == (
        "worse",
        Severity.ERROR,
        Severity.FATAL,
    )


def test_a_release_that_came_while_a_post_was_in_doubt_is_owed_once_its_issue_was_found(problem: Problem) -> None:
    problem.alert(fingerprint="1:2", release="a")
    posted = problem.owed()
    assert isinstance(posted, FilingJob)
    problem.alert(fingerprint="1:2", release="b", event="later")
    problem.ledger.queue.postpone(posted, due_at=problem.now, attempt=Attempt(problem.now), now=problem.now)
    problem.settle()

    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert (work.alert.event, work.problem.told_releases) == ("later", ("a",))


def test_a_mute_after_that_of_sentrys_archive_was_taken_off_is_a_persons(problem: Problem) -> None:
    archived = Outcome(Standing(is_muted=True, as_of=problem.now), is_muted_by_sentry=True)
    problem.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="muted", key="k"), now=problem.now
    )
    assert problem.settle(archived).problem.is_muted_by_sentry is False
    problem.later(60)
    problem.learn(OPEN)
    problem.learn(replace(OPEN, labels=(MUTE,)))
    problem.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="unresolved", key="l"), now=problem.now
    )

    work = problem.owed()
    assert isinstance(work, StatusJob)
    assert not work.problem.is_muted_by_sentry


def test_reopened_by_a_person_it_cools_down_again(problem: Problem) -> None:
    problem.later(90)
    problem.learn(DONE)
    problem.later(60)
    problem.learn(OPEN)

    assert problem.alert() is Verdict.COOLDOWN


def test_an_older_look_at_the_issue_does_not_undo_a_newer_one(problem: Problem) -> None:
    problem.later(90)
    problem.alert(release="b")
    work = problem.owed()
    assert isinstance(work, FilingJob)
    problem.learn(DONE)
    problem.ledger.queue.settle(work, None, now=problem.now + 1, outcome=Outcome(Standing(as_of=problem.now - 5)))
    problem.later(2)

    assert problem.alert() is Verdict.NEWS


def test_what_is_new_while_another_claim_is_owed_is_owed_after_it(problem: Problem) -> None:
    problem.later(7 * HOUR)
    problem.alert(release="a")
    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert problem.alert(release="b", severity=Severity.FATAL) is Verdict.COOLDOWN
    problem.ledger.queue.settle(work, None, now=problem.now, outcome=Outcome(Standing(as_of=problem.now)))

    after = problem.settle(Outcome(Standing(as_of=problem.now)))
    assert isinstance(after, FilingJob)
    assert (after.alert.release, after.alert.is_brief) == ("b", True)
    assert (after.problem.worst, after.problem.told_severity) == (Severity.FATAL, Severity.ERROR)
    assert isinstance(problem.owed(), Idle)


def test_what_came_while_it_was_muted_is_owed_after_it(problem: Problem) -> None:
    problem.alert(release="b")
    muted = Standing(is_muted=True, as_of=problem.now)
    problem.settle(Outcome(muted, is_shown=False))
    assert problem.alert(release="c", severity=Severity.FATAL) is Verdict.COOLDOWN
    problem.learn(replace(OPEN, labels=(MUTE,)))
    assert isinstance(problem.owed(), Idle)
    problem.learn(OPEN)

    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert (work.problem.told_releases, list(work.problem.releases)) == (("a",), ["a", "b", "c"])


def test_made_up_releases_are_owed_a_few_times_only(problem: Problem) -> None:
    verdicts = []
    for number in range(MOST_EXCEPTIONS + 5):
        verdicts.append(problem.alert(release=f"made up {number}"))
        if verdicts[-1].is_accepted:
            problem.settle(Outcome(Standing(as_of=problem.now)))

    assert verdicts == [Verdict.NEWS] * MOST_EXCEPTIONS + [Verdict.COOLDOWN] * 5
    assert isinstance(problem.owed(), Idle)


def test_a_release_is_known_however_many_came_after_it(problem: Problem) -> None:
    for number in range(100):
        problem.later(7 * HOUR)
        problem.alert(release=f"r{number}")
        problem.settle(Outcome(Standing(as_of=problem.now)))

    assert problem.alert(release="r3") is Verdict.COOLDOWN


def test_a_replay_changes_nothing_within_the_cooldown_and_after_it(problem: Problem) -> None:
    problem.alert(event="again")
    problem.later(7 * HOUR)
    verdicts = [problem.alert(event="again", ago=7 * HOUR), problem.alert(event="e1", ago=7 * HOUR)]
    problem.alert()

    work = problem.owed()
    assert verdicts == [Verdict.REPEATED] * 2
    assert work.problem.count == 3 if isinstance(work, FilingJob) else False


def test_an_event_from_the_future_makes_no_later_one_old(problem: Problem) -> None:
    problem.alert(ago=-3 * DAY)

    assert problem.alert() is Verdict.COOLDOWN


def test_last_seen_is_the_time_before_the_alert(problem: Problem) -> None:
    problem.later(HOUR)
    problem.alert()
    seen_before = problem.now
    problem.later(7 * HOUR)
    problem.alert()

    work = problem.owed()
    assert isinstance(work, FilingJob)
    assert work.problem.seen_before == seen_before


def test_what_came_back_before_its_issue_was_closed_takes_the_closing_back(problem: Problem) -> None:
    problem.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="r"), now=problem.now
    )
    problem.later(1)
    assert problem.alert() is Verdict.NEWS

    work = problem.settle(Outcome(Standing(as_of=problem.now)))
    assert isinstance(work, FilingJob)
    assert work.problem.is_back
    assert isinstance(problem.owed(), Idle)


def test_a_resolution_that_came_after_the_alert_stands(problem: Problem) -> None:
    problem.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="r"), now=problem.now
    )
    problem.later(1)
    problem.alert()
    problem.later(1)
    problem.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="s"), now=problem.now
    )

    first, second = problem.settle(Outcome(Standing(as_of=problem.now))), problem.owed()
    assert isinstance(first, FilingJob)
    assert not first.problem.is_back
    assert isinstance(second, StatusJob)


def test_the_alert_that_is_waited_for_passes_and_is_known_as_such(problem: Problem) -> None:
    problem.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="unresolved", key="u"), now=problem.now
    )
    work = problem.owed()
    assert isinstance(work, StatusJob)
    problem.ledger.queue.await_alert(work, now=problem.now)

    assert problem.alert(release="a") is Verdict.NEWS
    job = problem.owed()
    assert isinstance(job, FilingJob)
    assert job.problem.is_awaited


def learn_at_once(directory: Path) -> None:
    ClosingBook(SqliteEngine(directory)).learn([DONE], as_of=NOW + 100, now=NOW + 100)


def test_of_two_processes_that_learn_of_a_closing_one_owes_what_came_since(problem: Problem, tmp_path: Path) -> None:
    problem.later(90)
    problem.alert()
    learners = [FORK.Process(target=learn_at_once, args=(tmp_path,)) for _ in range(2)]
    for process in learners:
        process.start()
    for process in learners:
        process.join()

    problem.later(30)
    assert isinstance(problem.owed(), FilingJob)
    assert problem.ledger.owed == 1


def test_a_record_of_an_older_release_is_read(problem: Problem) -> None:
    def age(shelf: Shelf) -> None:
        record = shelf["alert/1:1"]
        old = ("state", "claimed_at", "first_seen", "last_seen", "occurred_at", "count", "releases", "issue")
        shelf["alert/1:1"] = {name: record[name] for name in old} | {"told": {"count": 1, "releases": ["a"]}}

    problem.store.transact(age)

    assert problem.alert(severity=Severity.FATAL) is Verdict.COOLDOWN
    assert problem.alert(release="b") is Verdict.NEWS
