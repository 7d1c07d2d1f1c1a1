"""Several repositories, several tokens: what holds one up, and what does not hold up another."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.alerts import alert
from support.ledger_doors import Ledger

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef
from booty.observability.alerts.routing.destination import Destination
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.findings import HeldUp
from booty.observability.ledger.journal.story import story_of
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.gate import FIRST_TRY_SECONDS, LEASE_SECONDS
from booty.observability.ledger.schedule.gates import Gates, GatesOf, own_gate
from booty.observability.ledger.schedule.jobs import FilingJob, Idle, Pause
from booty.observability.ledger.schedule.line import LONG_SECONDS, TURNS

NOW = 1_800_000_000.0
HOME, SITE, OTHER = "acme/shop", "acme/site", "other/app"
"""The second is reached with the token of the settings, the third with one of its own."""


def gates_by(*, other: str = "b") -> GatesOf:
    """Return the gates, with the mark of the other token."""

    def gates(repository: str | None) -> Gates:
        if repository == OTHER:
            return Gates(own_gate(OTHER), "gate/b", other, (OTHER,))
        return Gates(own_gate(repository), token="a")

    return gates


GATES_OF = gates_by()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path, repository=HOME)


def owe(ledger: Ledger, number: int, repository: str | None = None, *, at: float = NOW) -> None:
    """Have an alert accepted for a repository, None for that of the settings."""
    one, to = alert(fingerprint=f"1:{number}", event=f"e{number}"), Destination(repository)
    assert ledger.claims.claim(one, lambda _: Verdict.ACCEPTED, destination=to, now=at) is Verdict.ACCEPTED


def lease(ledger: Ledger, *, at: float = NOW, gates_of: GatesOf = GATES_OF) -> FilingJob:
    job = ledger.queue.take(now=at, gates_of=gates_of)
    assert isinstance(job, FilingJob)
    return job


def idle(ledger: Ledger, *, at: float = NOW, gates_of: GatesOf = GATES_OF) -> Idle:
    rest = ledger.queue.take(now=at, gates_of=gates_of)
    assert isinstance(rest, Idle)
    return rest


def pause(ledger: Ledger, job: FilingJob, *, seconds: float, at: float = NOW) -> None:
    limit = Pause(at + seconds, "a limit")
    ledger.queue.postpone(job, due_at=at, attempt=None, pause=limit, now=at)


def stop(ledger: Ledger, job: FilingJob, *, at: float = NOW) -> None:
    assert ledger.queue.stop(job, "archived", "unarchive it", attempt=None, now=at) is not None


def test_a_token_that_is_paused_holds_up_its_own_repositories_only(ledger: Ledger) -> None:
    for number, repository in enumerate((None, SITE, OTHER), start=1):
        owe(ledger, number, repository)
    pause(ledger, lease(ledger), seconds=3600)

    job = lease(ledger)
    assert job.destination.repository == OTHER
    ledger.queue.settle(job, IssueRef(7, ""), now=NOW)
    rest = idle(ledger, at=NOW + 10)
    assert (rest.until, rest.is_closed) == (NOW + 3600, True)
    assert lease(ledger, at=NOW + 3600).destination.repository in {None, SITE}


def test_the_other_tokens_pause_holds_up_neither_the_home_nor_its_neighbour(ledger: Ledger) -> None:
    owe(ledger, 1, OTHER)
    pause(ledger, lease(ledger), seconds=3600)
    owe(ledger, 2)
    owe(ledger, 3, SITE)

    for at in (NOW + 1, NOW + 3):
        ledger.queue.settle(lease(ledger, at=at), IssueRef(7, ""), now=at)
    assert idle(ledger, at=NOW + 10).until == NOW + 3600


def test_the_pace_of_one_write_a_second_is_a_tokens(ledger: Ledger) -> None:
    for number, repository in enumerate((None, SITE, OTHER, OTHER), start=1):
        owe(ledger, number, repository)
    done = []
    for _ in range(2):
        job = lease(ledger)
        ledger.queue.settle(job, IssueRef(7, ""), now=NOW)
        done.append(job.destination.repository)

    assert sorted(map(str, done)) in (["None", OTHER], [SITE, OTHER])
    assert idle(ledger, at=NOW + SPACING_SECONDS / 2).until == NOW + SPACING_SECONDS
    assert isinstance(ledger.queue.take(now=NOW + SPACING_SECONDS, gates_of=GATES_OF), FilingJob)


def test_two_workers_hold_two_tokens_at_once_and_never_one_token_twice(ledger: Ledger) -> None:
    for number, repository in enumerate((None, SITE, OTHER), start=1):
        owe(ledger, number, repository)

    held = {lease(ledger).gates.shared for _ in range(2)}
    assert held == {"gate", "gate/b"}
    assert idle(ledger, at=NOW + 1).until == NOW + LEASE_SECONDS


def test_a_repository_that_refuses_everything_stops_no_other_one_with_the_same_token(ledger: Ledger) -> None:
    owe(ledger, 1, SITE)
    stop(ledger, lease(ledger))
    owe(ledger, 2, at=NOW + 1)
    job = lease(ledger, at=NOW + SPACING_SECONDS)
    ledger.queue.settle(job, IssueRef(7, ""), now=NOW + 2)

    again = NOW + FIRST_TRY_SECONDS
    assert job.destination.repository is None
    assert job.stop is None
    assert idle(ledger, at=NOW + 5).until == again
    tried = lease(ledger, at=again)
    assert (tried.destination.repository, tried.stop is None) == (SITE, False)
    # what the home took proves nothing about this one: it is stopped again, and is no dead letter
    stop(ledger, tried, at=again)
    assert ledger.refused == ()


def test_whoever_rests_learns_of_every_repository_that_is_stopped(ledger: Ledger) -> None:
    for number, repository in enumerate((None, OTHER), start=1):
        owe(ledger, number, repository)
        stop(ledger, lease(ledger, at=NOW + number), at=NOW + number)

    stops = idle(ledger, at=NOW + 5).stops
    assert {repository: stop.since for repository, stop in stops} == {None: NOW + 1, OTHER: NOW + 2}


def test_the_homes_stop_holds_up_no_neighbour(ledger: Ledger) -> None:
    owe(ledger, 1)
    stop(ledger, lease(ledger))
    owe(ledger, 2, SITE, at=NOW + 1)

    assert lease(ledger, at=NOW + SPACING_SECONDS).destination.repository == SITE
    assert ledger.stop is not None


def test_a_new_token_ends_the_pauses_and_stops_of_its_repositories_alone(ledger: Ledger) -> None:
    owe(ledger, 1, OTHER)
    stop(ledger, lease(ledger))
    owe(ledger, 2, OTHER)
    owe(ledger, 3)
    pause(ledger, lease(ledger, at=NOW + 1), seconds=3600, at=NOW + 1)

    assert idle(ledger, at=NOW + 3).until == NOW + FIRST_TRY_SECONDS
    job = lease(ledger, at=NOW + 3, gates_of=gates_by(other="b2"))
    assert job.destination.repository == OTHER


def test_the_status_names_who_is_held_up(ledger: Ledger) -> None:
    owe(ledger, 1, SITE)
    stop(ledger, lease(ledger))
    owe(ledger, 2, OTHER)
    pause(ledger, lease(ledger, at=NOW + 1), seconds=3600, at=NOW + 1)

    found = ledger.inspection.look(now=NOW + 2)
    named = {each.repositories: each for each in found.elsewhere}
    assert (found.stop, found.pause) == (None, None)
    assert (named[SITE,].stop is None, named[SITE,].pause) == (False, None)
    assert named[OTHER,] == HeldUp((OTHER,), Pause(NOW + 3601, "a limit"), failures=1, failed_for="a limit")


def test_the_story_of_a_problem_tells_what_holds_up_its_own_repository(ledger: Ledger) -> None:
    owe(ledger, 1)
    owe(ledger, 2, OTHER)
    first = lease(ledger)
    pause(ledger, lease(ledger) if first.destination.repository is None else first, seconds=3600)

    stories = [
        ledger.engine.transact(lambda shelf, name=name: story_of(shelf, name, now=NOW + 1))  # type: ignore[misc]  # bound now
        for name in ("1:1", "1:2@other:app")
    ]
    assert [story is not None and story.pause is not None for story in stories] == [False, True]


def test_a_person_who_put_it_right_has_all_of_them_tried_at_once(ledger: Ledger) -> None:
    owe(ledger, 1, SITE)
    stop(ledger, lease(ledger))
    owe(ledger, 2, OTHER)
    pause(ledger, lease(ledger, at=NOW + 1), seconds=3600, at=NOW + 1)
    ledger.inspection.resume(now=NOW + 2)

    assert {lease(ledger, at=NOW + 3).destination.repository for _ in range(2)} == {SITE, OTHER}


def test_closings_are_not_read_where_deliveries_rest_and_are_elsewhere(ledger: Ledger) -> None:
    owe(ledger, 1, OTHER)
    pause(ledger, lease(ledger), seconds=3600)
    books = [
        ClosingBook(ledger.engine, home=Home(HOME), repository=name, gates=GATES_OF(name))
        for name in (None, SITE, OTHER)
    ]

    assert [book.begin_cycle(now=NOW + 5, seconds=60) is None for book in books] == [False, False, True]


def test_without_any_other_repository_there_is_one_gate_as_ever(ledger: Ledger) -> None:
    owe(ledger, 1)
    stop(ledger, lease(ledger))

    assert ledger.engine.transact(lambda shelf: list(shelf.under("gate"))) == ["gate"]


def test_a_gate_that_nobody_went_through_for_a_day_is_forgotten(ledger: Ledger) -> None:
    owe(ledger, 1, OTHER)
    ledger.queue.settle(lease(ledger), IssueRef(7, ""), now=NOW)
    ledger.queue.forget(now=NOW + 3600)
    kept = ledger.engine.transact(lambda shelf: list(shelf.under("gate")))
    ledger.queue.forget(now=NOW + 25 * 3600)

    assert kept == ["gate/b", "gate@other:app"]
    assert ledger.engine.transact(lambda shelf: list(shelf.under("gate"))) == []


@pytest.mark.parametrize("home", [HOME, SITE, OTHER])
def test_a_stream_of_fatal_ones_in_one_repository_starves_nobody_in_another(tmp_path: Path, home: str) -> None:
    ledger, late = Ledger(tmp_path, repository=HOME), NOW + LONG_SECONDS + 1
    for number in range(2):
        owe(ledger, number, home)
    filed, now = list[str](), late
    for number in range(10, 10 + 3 * TURNS):
        fatal = alert(fingerprint=f"1:{number}", event=f"e{number}", severity=Severity.FATAL)
        ledger.claims.claim(fatal, lambda _: Verdict.ACCEPTED, destination=Destination(SITE), now=now)
        while isinstance(job := ledger.queue.take(now=now, gates_of=GATES_OF), FilingJob):
            ledger.queue.settle(job, IssueRef(number, ""), now=now)
            filed.append(job.alert.event)
        now += SPACING_SECONDS

    assert {"e0", "e1"} <= set(filed)
