"""What the ledger could not store of a job is stored before the next one is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.away import AwayEngine
from support.ledger_doors import Ledger
from support.ledger_steps import NOW, alert, claim

from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.handover.assignments import Assignment
from booty.observability.ledger.schedule.gates import ONE_TOKEN
from booty.observability.ledger.schedule.jobs import FilingJob, Idle


@pytest.fixture
def engine(tmp_path: Path) -> AwayEngine:
    return AwayEngine(SqliteEngine(tmp_path))


@pytest.fixture
def of(tmp_path: Path, engine: AwayEngine) -> Ledger:
    ledger = Ledger(tmp_path, engine=engine)
    claim(ledger, alert("1:1"))
    claim(ledger, alert("1:2"), NOW + 1)
    return ledger


def take(of: Ledger, now: float) -> FilingJob:
    job = of.queue.take(now=now, gates_of=ONE_TOKEN)
    assert isinstance(job, FilingJob)
    return job


def test_an_issue_that_was_filed_while_the_ledger_was_away_is_recorded_as_soon_as_it_is_back(
    of: Ledger, engine: AwayEngine
) -> None:
    job = take(of, NOW + 2)
    engine.is_away = True
    of.queue.settle(job, IssueRef(7, ""), now=NOW + 3)
    with pytest.raises(NotStored):
        take(of, NOW + 4)
    engine.is_away = False

    assert {job.fingerprint, take(of, NOW + 5).fingerprint} == {"1:1", "1:2"}
    assert of.owed == 1


def test_a_report_that_was_stored_although_nobody_could_tell_counts_once(of: Ledger, engine: AwayEngine) -> None:
    job = take(of, NOW + 2)
    engine.is_cut_off = True
    of.queue.settle(job, IssueRef(7, ""), now=NOW + 3)
    engine.is_cut_off = False
    claim(of, alert(job.fingerprint, event="b"), NOW + 9 * 3600)

    take(of, NOW + 9 * 3600)
    assert of.owed == 2


def test_a_job_that_nobody_knows_to_be_taken_is_taken_at_once_as_if_it_never_was(
    of: Ledger, engine: AwayEngine
) -> None:
    engine.is_cut_off = True
    with pytest.raises(NotStored):
        take(of, NOW + 2)
    engine.is_cut_off = False

    assert take(of, NOW + 4).attempt is None


def test_an_assignment_that_nobody_knows_to_be_taken_is_taken_at_once(of: Ledger, engine: AwayEngine) -> None:
    of.queue.handover.owe(Assignment("1:3", 7, ("ann",)), now=NOW)
    engine.is_cut_off = True
    with pytest.raises(NotStored):
        of.queue.take(now=NOW + 2, gates_of=ONE_TOKEN)
    engine.is_cut_off = False

    assert isinstance(of.queue.take(now=NOW + 4, gates_of=ONE_TOKEN), Assignment)


def test_what_was_not_taken_at_all_is_not_given_back(of: Ledger, engine: AwayEngine) -> None:
    engine.is_away = True
    with pytest.raises(NotStored):
        take(of, NOW + 2)
    engine.is_away = False
    other = take(of, NOW + 4)

    assert isinstance(of.queue.take(now=NOW + 5, gates_of=ONE_TOKEN), Idle)
    assert of.queue.renew(other, now=NOW + 6)
