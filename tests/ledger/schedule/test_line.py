"""The order of a backlog: what is done first, what is never left behind, what an older release makes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from support.delivery_desk import HOUR, NOW, Clock, Desk
from support.ledger_doors import Ledger
from support.ledger_steps import alert, claim

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import History, Policy, Verdict, decide
from booty.observability.alerts.handover.terms import Handing
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef, Standing
from booty.observability.alerts.severity import Severity
from booty.observability.issues.draft import Draft
from booty.observability.issues.outcomes import Postponed
from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.handover.assignments import Assignment
from booty.observability.ledger.repositories.home import UNNAMED
from booty.observability.ledger.schedule.gates import ONE_TOKEN
from booty.observability.ledger.schedule.jobs import FilingJob, Idle, Outcome, Pause
from booty.observability.ledger.schedule.leases import take_due
from booty.observability.ledger.schedule.line import LONG_SECONDS, TURNS
from booty.observability.ledger.schedule.ranks import OWN_FAILS

EVERYTHING = Policy(Severity.DEBUG, 6 * HOUR)


@pytest.fixture
def of(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def arrive(of: Ledger, name: str, severity: str = "error", *, times: int = 1, at: float = NOW) -> None:
    for number in range(times):
        one = alert(name, f"{name}{number}").but(severity=Severity(severity))
        of.claims.claim(one, partial(_decided, one, at), now=at)


def _decided(one: Alert, at: float, history: History | None) -> Verdict:
    return decide(one, EVERYTHING, history, at)


def next_one(of: Ledger, now: float) -> FilingJob:
    job = of.queue.take(now=now)
    assert isinstance(job, FilingJob)
    return job


def done(of: Ledger, now: float = NOW + 100) -> list[str]:
    """Do all that is owed, and return it in that order."""
    names: list[str] = []
    while isinstance(job := of.queue.take(now=now), FilingJob):
        of.queue.settle(job, IssueRef(len(names) + 1, ""), now=now)
        names.append(job.fingerprint)
        now += SPACING_SECONDS
    return names


def keys(of: Ledger, prefix: str) -> list[str]:
    return of.engine.transact(lambda shelf: list(shelf.under(prefix)))


def test_the_worst_is_done_first_then_what_came_most_often_then_the_newest(of: Ledger) -> None:
    arrive(of, "1:1", "warning", times=40)
    arrive(of, "1:2", at=NOW + 1)
    arrive(of, "1:3", at=NOW + 2)
    arrive(of, "1:4", times=9)
    arrive(of, "1:5", times=10)
    arrive(of, "1:6", "fatal")

    assert done(of) == ["1:6", "1:5", "1:4", "1:3", "1:2", "1:1"]
    assert keys(of, "rank/") == keys(of, "due/") == []


def test_more_alerts_of_an_owed_problem_and_a_worse_one_move_it(of: Ledger) -> None:
    for number in range(4):
        arrive(of, f"1:{number}", "warning", at=NOW + number)

    arrive(of, "1:0", "warning", times=3, at=NOW + 10)
    arrive(of, "1:1", "fatal", times=2, at=NOW + 10)

    assert len(keys(of, "rank/")) == 4
    assert list(dict.fromkeys(done(of))) == ["1:1", "1:0", "1:3", "1:2"]


def test_what_was_tried_in_vain_lets_others_go_until_one_is_taken_then_has_its_place_again(of: Ledger) -> None:
    for number in range(5):
        arrive(of, f"1:{number}", at=NOW - number)
    now = NOW + 1
    for _ in range(2):
        job = next_one(of, now)
        of.queue.postpone(job, due_at=now, attempt=None, pause=Pause(now + 30, "down"), now=now)
        now += 31

    assert done(of, now) == ["1:2", "1:0", "1:1", "1:3", "1:4"]


def test_what_fails_alone_holds_nobody_up(of: Ledger) -> None:
    arrive(of, "1:0", "fatal")
    for number in range(1, 12):
        arrive(of, f"1:{number}", at=NOW - number)
    now, order = NOW + 1, list[str]()
    while of.owed > 1:
        job = of.queue.take(now=now)
        if isinstance(job, FilingJob) and job.fingerprint == "1:0":
            of.queue.postpone(job, due_at=now, attempt=None, pause=Pause(now + 60, "spam?"), now=now)
        elif isinstance(job, FilingJob):
            of.queue.settle(job, IssueRef(len(order) + 1, ""), now=now)
        order += [job.fingerprint] if isinstance(job, FilingJob) else []
        now = max(job.until or now, now + 0.001) if isinstance(job, Idle) else now + 1

    tried = [name for number in range(1, OWN_FAILS + 1) for name in ("1:0", f"1:{number}")]
    assert order == [*tried, "1:0", *(f"1:{number}" for number in range(OWN_FAILS + 1, 12))]


def test_what_is_beyond_a_limit_keeps_its_place_however_often_others_are_taken_meanwhile(of: Ledger) -> None:
    arrive(of, "1:0", "fatal")
    for number in range(1, 2 * OWN_FAILS):
        arrive(of, f"1:{number}", at=NOW - number)
    now = NOW + 1
    for _ in range(OWN_FAILS + 1):
        limited = next_one(of, now)
        pause = Pause(now + 60, "a limit of new issues", is_of_all=True)
        of.queue.postpone(limited, due_at=now, attempt=None, pause=pause, now=now)
        of.queue.settle(next_one(of, now + 61), None, now=now + 61)
        assert limited.fingerprint == "1:0"
        now += 63

    assert next_one(of, now).fingerprint == "1:0"


def test_a_job_whose_holders_die_holds_nobody_up(of: Ledger) -> None:
    for number in range(3):
        arrive(of, f"1:{number}", at=NOW - number)

    assert [next_one(of, NOW + 40 * turn).fingerprint for turn in range(4)] == ["1:0", "1:1", "1:2", "1:0"]


def test_the_job_that_is_owed_longest_has_every_tenth_turn_once_it_is_an_hour(of: Ledger) -> None:
    arrive(of, "1:0", "debug")
    arrive(of, "1:1", "info", at=NOW + 1)
    for number in range(2, 40):
        arrive(of, f"1:{number}", "fatal", at=NOW + number)

    order = done(of, NOW + LONG_SECONDS + 10)

    assert (order.index("1:0"), order.index("1:1")) == (TURNS - 1, 2 * TURNS - 1)


def test_what_else_takes_the_gate_in_between_takes_no_turn_of_the_job_that_is_owed_longest(of: Ledger) -> None:
    arrive(of, "1:0", "debug")
    for number in range(1, 2 * TURNS):
        arrive(of, f"1:{number}", "fatal", at=NOW + number)
    now, order = NOW + LONG_SECONDS + 10, list[str]()
    for _ in range(TURNS):
        job = of.queue.take(now=now, gates_of=ONE_TOKEN)
        assert isinstance(job, FilingJob)
        handing = Handing("agent:builder", assignees=("ann",))
        outcome = Outcome(Standing(as_of=now), handing=handing)
        of.queue.settle(job, IssueRef(len(order) + 1, ""), now=now, outcome=outcome)
        order.append(job.fingerprint)
        assignment = of.queue.take(now=now + SPACING_SECONDS, gates_of=ONE_TOKEN)
        assert isinstance(assignment, Assignment)
        of.queue.handover.end(assignment, now=now + SPACING_SECONDS)
        now += 2 * SPACING_SECONDS

    assert order[-1] == "1:0"


def test_before_that_hour_the_order_is_strict(of: Ledger) -> None:
    arrive(of, "1:0", "debug")
    for number in range(1, 25):
        arrive(of, f"1:{number}", "fatal", at=NOW + number)

    assert done(of)[-1] == "1:0"


def like_an_older_release(shelf: Shelf, now: float) -> str:
    """Do with the queue what a release does that knows no ranks: lease what is first in the order of time."""
    key = next(iter(shelf.under("due/")))
    _, due, name = key.split("/", 2)
    assert int(due) / 1000 <= now
    record = shelf.pop(f"owed/{name}")
    shelf.pop(f"due/{record['due']}/{name}")
    give_back(shelf, name, {"alert": record["alert"], "since": record["since"], "lease": "old"}, now + 30)
    return name


def give_back(shelf: Shelf, name: str, record: dict[str, object], due_at: float) -> None:
    shelf[f"owed/{name}"] = record | {"due": sortable(due_at)}
    shelf[f"due/{sortable(due_at)}/{name}"] = 1


def test_an_older_release_finds_what_is_in_line_by_its_age_and_what_it_does_is_passed_over(of: Ledger) -> None:
    for number in range(6):
        arrive(of, f"1:{number}", at=NOW + number)

    older = [of.engine.transact(lambda shelf: like_an_older_release(shelf, NOW + 10)) for _ in range(3)]
    newer = next_one(of, NOW + 10).fingerprint

    assert (older, newer) == (["1:0", "1:1", "1:2"], "1:5")
    assert done(of, NOW + 50) == ["1:4", "1:5", "1:3", "1:2", "1:1", "1:0"]
    assert keys(of, "rank/") == keys(of, "due/") == []


def test_what_an_older_release_owes_is_lined_up_by_its_rank(of: Ledger) -> None:
    arrive(of, "1:1", "fatal")
    arrive(of, "1:2", at=NOW + 1)

    def make_older(shelf: Shelf) -> None:
        record = shelf.pop("owed/1:1")
        for key in [*shelf.under("rank/"), *shelf.under("due/")]:
            if key.endswith("/1:1"):
                del shelf[key]
        give_back(shelf, "1:1", {"alert": record["alert"]}, NOW)

    of.engine.transact(make_older)

    assert done(of) == ["1:1", "1:2"]


def test_ten_thousand_jobs_of_an_older_release_are_lined_up_some_at_a_time(of: Ledger) -> None:
    arrive(of, "1:0")
    body = of.engine.transact(lambda shelf: shelf["owed/1:0"]["alert"])

    def owe(shelf: Shelf) -> None:
        for number in range(1, 500):
            give_back(shelf, f"1:{number}", {"alert": body | {"fingerprint": f"1:{number}"}}, NOW)

    of.engine.transact(owe)

    taken = of.engine.transact(partial(take_due, now=NOW + 1, gates_of=ONE_TOKEN, home=UNNAMED))

    assert taken == Idle(NOW + 1)
    assert len(keys(of, "rank/")) < 60


@pytest.mark.parametrize("damage", [b"\xff", b"1", b"{}", b'{"due":"0001800000000000"}'])
def test_a_damaged_job_in_line_holds_nobody_up(
    of: Ledger, damage: bytes, plant_in: Callable[[Ledger, dict[bytes, bytes]], None]
) -> None:
    arrive(of, "1:1", "fatal")
    arrive(of, "1:2")

    plant_in(of, {b"owed/1:1": damage, b"rank/\xff": b"1", b"rank/1/": b"1", b"due/0001799999999999": b"1"})

    assert next_one(of, NOW + 1).fingerprint == "1:2"


class Limited:
    """GitHub's limit of creates in an hour, as it answers when it is passed."""

    def __init__(self, desk: Desk, *, an_hour: int) -> None:
        self.desk, self.an_hour = desk, an_hour
        self.took: list[tuple[float, str]] = []
        self.refused: list[float] = []

    def create(self, draft: Draft) -> IssueRef:
        now = self.desk.clock.now
        recent = [at for at, _ in self.took if at > now - HOUR]
        if len(recent) >= self.an_hour:
            self.refused.append(now)
            raise Postponed("limit", pause_seconds=min(recent) + HOUR - now + 1, is_limit=True)
        self.took.append((now, draft.title))
        return IssueRef(len(self.took), "")


@pytest.fixture
def plant_in() -> Callable[[Ledger, dict[bytes, bytes]], None]:
    from support.damage import plant  # noqa: PLC0415 - only here

    return lambda of, entries: plant(of.engine.directory, entries)  # type: ignore[attr-defined]  # the file's engine


def test_after_an_outage_the_fatal_ones_come_first_and_github_is_left_alone_while_its_hour_is_spent(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, Clock())
    for number in range(900):
        severity = "fatal" if number % 30 == 0 else "error"
        arrive(desk.ledger, f"1:{number}", severity, at=NOW + number)
    limit = Limited(desk, an_hour=200)
    desk.tracker.create = limit.create  # type: ignore[method-assign]  # the limit counts by the hour
    back = desk.clock.now = NOW + HOUR

    desk.pass_time(24 * HOUR)

    fatal = [at for at, title in limit.took if title.startswith("[fatal]")]
    assert (len(limit.took), len(fatal)) == (900, 30)
    assert max(fatal) - back < 600
    assert len(limit.refused) <= 5
    assert claim(desk.ledger, alert("1:1"), desk.clock.now) is not Verdict.REPEATED
