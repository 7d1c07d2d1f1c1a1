"""What every engine of the ledger keeps to: with real processes that race, are killed, run out of room."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Barrier as ThreadBarrier
from threading import Thread

import pytest
from support.alerts import alert
from support.deaths import Tell, deaths
from support.engines import ENGINES, Place
from support.service import eventually

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import LAST, Engine, NotStored, Shelf, sortable
from booty.observability.ledger.engines.version import KEY, VERSION
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.gate import LEASE_SECONDS
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Idle

FORK = multiprocessing.get_context("fork")
NOW = 1_800_000_000.0
KEEP_SECONDS = 30 * 86400.0


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return ENGINES[request.param](tmp_path)


def put(key: str, value: object) -> Callable[[Shelf], None]:
    def work(shelf: Shelf) -> None:
        shelf[key] = value

    return work


def take(key: str) -> Callable[[Shelf], object]:
    return lambda shelf: shelf.get(key)


def count_up(shelf: Shelf) -> int:
    shelf["count"] = shelf.get("count", 0) + 1
    return int(shelf["count"])


def names(shelf: Shelf) -> list[str]:
    """Return the keys in order, without the engine's own note of whose records it has."""
    return [key for key in shelf if key != KEY]


def claims(place: Place) -> Claims:
    return Claims(place.engine(), keep_seconds=KEEP_SECONDS)


def queue(place: Place) -> Queue:
    return Queue(place.engine(), keep_seconds=KEEP_SECONDS)


def claim(of: Claims, fingerprint: str, *, now: float = NOW) -> Verdict:
    def decide(history: object) -> Verdict:
        return Verdict.ACCEPTED if history is None else Verdict.COOLDOWN

    return of.claim(alert(fingerprint=fingerprint), decide, now=now)


def lease(of: Queue, *, now: float = NOW) -> FilingJob:
    job = of.take(now=now)
    assert isinstance(job, FilingJob)
    return job


# Records by key


def test_keeps_what_was_written(place: Place) -> None:
    place.engine().transact(put("a", {"b": [1, None, "ü"]}))

    assert place.engine().transact(take("a")) == {"b": [1, None, "ü"]}


def test_a_transaction_sees_what_it_wrote_itself(place: Place) -> None:
    def work(shelf: Shelf) -> list[object]:
        for number in range(1000):
            shelf[f"many/{number:03}"] = number
        shelf["many/000"] = "anew"
        del shelf["many/001"]
        shelf["one"] = 1
        return [
            shelf.pop("one"),
            shelf.pop("one", None),
            "one" in shelf,
            *list(shelf.under("many/"))[:2],
            len(names(shelf)),
        ]

    engine = place.engine()

    assert engine.transact(work) == [1, None, False, "many/000", "many/002", 999]
    assert engine.transact(lambda shelf: (shelf["many/000"], shelf["many/999"])) == ("anew", 999)


def test_many_are_read_together_with_what_the_transaction_wrote_itself(place: Place) -> None:
    def work(shelf: Shelf) -> list[object]:
        shelf.update({f"many/{number:04}": {"name": f"n{number}"} for number in range(1000)})
        keys = [f"many/{number:04}" for number in range(2000)]
        none = {**shelf.many(()), **shelf.many(keys, having=())}
        return [len(shelf.many(keys)), dict(shelf.many(keys, having=('"n7"', '"n999"'))), none]

    engine, sought = place.engine(), {"many/0007": {"name": "n7"}, "many/0999": {"name": "n999"}}

    assert engine.transact(work) == [1000, sought, {}]
    assert engine.transact(lambda shelf: dict(shelf.many(["many/0007", "x"]))) == {"many/0007": {"name": "n7"}}


@pytest.mark.parametrize("reads", [(), ("a", "b"), ("c",)], ids=str)
def test_naming_what_will_be_read_changes_nothing(place: Place, reads: tuple[str, ...]) -> None:
    def work(shelf: Shelf) -> list[object]:
        seen: list[object] = [shelf["a"], shelf.get("b")]
        shelf["a"], shelf["b"] = 2, 3
        seen += [shelf["a"], shelf["b"]]
        del shelf["a"]
        return [*seen, shelf.get("a"), shelf["b"]]

    engine = place.engine()
    engine.transact(put("a", 1))

    assert engine.transact(work, reads=reads) == [1, None, 2, 3, None, 3]


def test_a_key_that_is_not_there_raises(place: Place) -> None:
    def work(shelf: Shelf) -> None:
        with pytest.raises(KeyError):
            shelf["a"]
        with pytest.raises(KeyError):
            del shelf["a"]

    place.engine().transact(work)


RANGES = (("a/", "", LAST), ("a/", "05", "20"), ("a/", "2", LAST), ("b/", "", LAST), ("c/", "", LAST))
CHANGES: tuple[Callable[[Shelf], object], ...] = (
    lambda shelf: shelf.get("a/01"),
    lambda shelf: shelf.pop("a/07"),
    lambda shelf: shelf.drop("a/00"),
    lambda shelf: shelf.update({"a/055": 1, "c/1": 1}),
    lambda shelf: [shelf.pop(f"a/{number:02}", None) for number in range(16)],
    lambda shelf: shelf.update({f"a/{number:02}x": 1 for number in range(30)}),
)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 40])
def test_naming_the_ranges_that_will_be_read_changes_nothing(place: Place, count: int) -> None:
    one = place.engine()

    def begin(shelf: Shelf) -> None:
        for key in [*shelf.under("a/"), *shelf.under("c/")]:
            shelf.drop(key)
        shelf.update({f"a/{number:02}": number for number in range(count)})

    def seen(shelf: Shelf) -> list[list[str]]:
        asked = (*RANGES, ("a/", "1", "25"), ("", "a", "d"), ("a/", "3", "4"))
        return [list(shelf.under(prefix, since=since, until=until)) for prefix, since, until in asked]

    def work(shelf: Shelf) -> list[object]:
        return [seen(shelf), *((change(shelf), seen(shelf)) for change in CHANGES)]

    one.transact(begin)
    plain = one.transact(work)
    one.transact(begin)
    assert one.transact(work, reads=("a/01",), ranges=RANGES) == plain


def test_a_look_sees_what_anybody_committed_and_no_more(place: Place) -> None:
    one, other = place.engine(), place.engine()
    one.transact(put("a", 1))
    seen = list[object]()

    def work(shelf: Shelf) -> None:
        shelf["a"] = 3
        seen.append(one.peek("a", "b"))

    assert one.peek("a", "b") == [1, None]
    other.transact(put("a", {"is": 2}))
    assert one.peek("a", "b") == [{"is": 2}, None]
    other.transact(work)
    assert seen == [[{"is": 2}, None]]
    assert one.peek("a") == [3]


def test_keys_are_in_the_order_of_their_bytes(place: Place) -> None:
    keys = ["", "A", "a", "a/", "a/1", "a0", "é", "\uffff", "\U0001f600"]
    engine = place.engine()
    engine.transact(lambda shelf: shelf.update(dict.fromkeys(reversed(keys), 1)))

    assert engine.transact(names) == keys


def test_what_is_under_a_prefix_ends_before_a_time(place: Place) -> None:
    times = [0.0, 1.5, NOW, NOW + 0.001, NOW + 1e9]
    engine = place.engine()
    engine.transact(lambda shelf: shelf.update({f"due/{sortable(at)}/x": 1 for at in times} | {"due": 1, "due0": 1}))

    found = engine.transact(lambda shelf: list(shelf.under("due/", until=sortable(NOW + 0.001))))

    assert found == [f"due/{sortable(at)}/x" for at in times[:3]]
    assert len(engine.transact(lambda shelf: list(shelf.under("due/")))) == len(times)


def test_what_is_under_a_prefix_can_be_read_from_a_place_on(place: Place) -> None:
    engine = place.engine()
    engine.transact(lambda shelf: shelf.update(dict.fromkeys(("due@a/1", "due@b/1", "due@b/2", "due@c/1", "dux"), 1)))

    found = engine.transact(lambda shelf: list(shelf.under("due@", since="b/2")))

    assert found == ["due@b/2", "due@c/1"]


def test_keys_may_go_while_they_are_being_read(place: Place) -> None:
    engine = place.engine()
    engine.transact(lambda shelf: shelf.update({f"a/{number:03}": number for number in range(300)}))

    engine.transact(lambda shelf: [shelf.pop(key) for key in list(shelf.under("a/"))])

    assert engine.transact(names) == []


# Transactions


def test_a_transaction_that_fails_is_undone_as_a_whole(place: Place) -> None:
    def work(shelf: Shelf) -> None:
        shelf["a"] = 2
        list(shelf)
        shelf["b"] = 2
        raise ZeroDivisionError

    engine = place.engine()
    engine.transact(put("a", 1))
    with pytest.raises(ZeroDivisionError):
        engine.transact(work)

    assert engine.transact(lambda shelf: (shelf["a"], names(shelf))) == (1, ["a"])


def test_what_need_not_last_outlives_the_process(place: Place) -> None:
    process = FORK.Process(target=place.engine().transact, args=(count_up,), kwargs={"is_lasting": False})
    process.start()
    process.join()

    assert place.engine().transact(take("count")) == 1


def switches(threads: list[Thread]) -> list[str]:
    """Return how often each thread has gone to sleep so far: of one that waits for another, the number stands still."""
    tasks = Path("/proc/self/task")
    status = [(tasks / str(thread.native_id) / "status").read_text() for thread in threads]
    return [line for text in status for line in text.splitlines() if line.startswith("voluntary")]


def test_callers_that_wait_share_one_commit(place: Place) -> None:
    engine, meeting, begun, returned, seen = place.engine(), ThreadBarrier(2), list[int](), list[int](), list[int]()

    def hold(_: Shelf) -> None:
        meeting.wait()
        meeting.wait()

    def write(number: int) -> None:
        def work(shelf: Shelf) -> None:
            shelf[f"n/{number}"] = 1
            seen.append(len(returned))

        begun.append(number)
        engine.transact(work)
        returned.append(number)

    threads = [Thread(target=write, args=(number,)) for number in range(8)]
    first = Thread(target=engine.transact, args=(hold,))
    first.start()
    meeting.wait()
    for thread in threads:
        thread.start()
    looks: list[list[str]] = [[], []]

    def all_wait() -> bool:
        looks.append(switches(threads))
        return len(begun) == 8 and looks[-1] == looks[-2]

    assert eventually(all_wait)
    meeting.wait()
    for thread in (first, *threads):
        thread.join()

    assert seen == [0] * 8
    assert len(engine.transact(names)) == 8


def test_threads_lose_none_of_their_transactions(place: Place) -> None:
    engine, start, seen = place.engine(), ThreadBarrier(16), list[int]()

    def climb() -> None:
        start.wait()
        seen.extend(engine.transact(count_up) for _ in range(25))

    threads = [Thread(target=climb) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == list(range(1, 401))


def climb_alone(place: Place, times: int) -> None:
    engine = place.engine()
    for _ in range(times):
        engine.transact(count_up)


def test_processes_take_turns(place: Place) -> None:
    processes = [FORK.Process(target=climb_alone, args=(place, 50)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert place.engine().transact(take("count")) == 200


def test_does_not_use_after_a_fork_what_was_opened_before_it(place: Place) -> None:
    engine = place.engine()
    engine.transact(count_up)
    process = FORK.Process(target=engine.transact, args=(count_up,))
    process.start()
    process.join()

    assert process.exitcode == 0
    assert engine.transact(count_up) == 3


def test_opens_anew_what_was_closed(place: Place) -> None:
    engine = place.engine()
    engine.close()
    engine.transact(count_up)
    engine.close()
    engine.close()

    assert engine.transact(count_up) == 2


def test_tidying_up_leaves_what_is_stored(place: Place) -> None:
    engine, beside = place.engine(), place.engine()
    beside.transact(put("b", 2))
    engine.transact(put("a", 1))
    engine.transact(lambda shelf: shelf.pop("a"))
    engine.tidy()

    assert beside.transact(names) == ["b"]


# Death


def test_killed_between_any_two_steps_a_transaction_is_there_as_a_whole_or_not_at_all(place: Place) -> None:
    def move(_: int, tell: Tell) -> None:
        place.engine().transact(lambda shelf: shelf.update({"from": shelf["from"] - 1, "to": shelf["to"] + 1}))
        tell("moved")

    watching = place.engine()
    watching.transact(lambda shelf: shelf.update({"from": 0, "to": 0}))
    moved = 0
    for _, acknowledged in deaths(move, inside="/ledger/engines/"):
        [away, there] = watching.transact(lambda shelf: [shelf["from"], shelf["to"]])
        assert away + there == 0
        assert there in ({moved + 1} if acknowledged else {moved, moved + 1})
        moved = there

    assert moved > 1


def write_and_tell(place: Place, told: Connection) -> None:
    engine = place.engine()
    while True:
        told.send(engine.transact(count_up))


def last_told(ours: Connection, before: int) -> int:
    while ours.poll():
        try:
            before = ours.recv()
        except EOFError:
            break
    return before


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(place: Place) -> None:
    last = 0
    for acknowledged in range(1, 21):
        ours, theirs = FORK.Pipe()
        writer = FORK.Process(target=write_and_tell, args=(place, theirs))
        writer.start()
        theirs.close()
        for _ in range(acknowledged):
            last = ours.recv()
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        last = last_told(ours, last)

        stored = place.engine().transact(lambda shelf: shelf["count"])
        assert stored in {last, last + 1}
        last = stored


# Claims


def claim_at_once(place: Place, start: Barrier, fingerprint: str) -> None:
    of = claims(place)
    start.wait()
    raise SystemExit(claim(of, fingerprint) is Verdict.ACCEPTED)


@pytest.mark.parametrize("fingerprint", ["1:1", "metric:4:5"])
def test_one_of_many_simultaneous_claims_is_accepted(place: Place, fingerprint: str) -> None:
    start = FORK.Barrier(8)
    claimants = [FORK.Process(target=claim_at_once, args=(place, start, fingerprint)) for _ in range(8)]
    for process in claimants:
        process.start()
    for process in claimants:
        process.join()

    assert sorted(process.exitcode or 0 for process in claimants) == [0] * 7 + [1]


def lease_at_once(place: Place, start: Barrier) -> None:
    of = queue(place)
    start.wait()
    raise SystemExit(isinstance(of.take(now=NOW), FilingJob))


def test_one_of_many_couriers_gets_the_work_until_its_lease_runs_out(place: Place) -> None:
    claim(claims(place), "1:1")
    start = FORK.Barrier(6)
    couriers = [FORK.Process(target=lease_at_once, args=(place, start)) for _ in range(6)]
    for process in couriers:
        process.start()
    for process in couriers:
        process.join()

    assert sorted(process.exitcode or 0 for process in couriers) == [0] * 5 + [1]
    assert queue(place).take(now=NOW + LEASE_SECONDS - 1) == Idle(NOW + LEASE_SECONDS, is_closed=True)
    assert lease(queue(place), now=NOW + LEASE_SECONDS).attempt == Attempt(NOW)


def test_killed_between_any_two_steps_a_service_loses_no_accepted_alert(place: Place) -> None:
    def serve(number: int, tell: Tell) -> None:
        of, now = queue(place), NOW + 1000 * number
        assert claim(claims(place), f"1:{number}", now=now) is Verdict.ACCEPTED
        tell("claimed")
        job = lease(of, now=now)
        tell("leased")
        of.settle(job, IssueRef(number, ""), now=now)
        tell("settled")

    for number, acknowledged in deaths(serve, inside="/engines/turns.py"):
        of, later = queue(place), NOW + 1000 * number + LEASE_SECONDS
        job = of.take(now=later)
        assert isinstance(job, Idle) or "settled" not in acknowledged
        if isinstance(job, FilingJob):
            assert job.alert.fingerprint == f"1:{number}"
            assert "leased" not in acknowledged or job.attempt == Attempt(NOW + 1000 * number)
            of.settle(job, IssueRef(number, ""), now=later)
        state = place.engine().transact(take(f"alert/1:{number}"))
        assert state is None or isinstance(state, dict)
        assert (state["state"], state["issue"]) == ("filed", number) if state else "claimed" not in acknowledged


# Trouble


def test_a_store_that_cannot_be_reached_stores_nothing_and_is_used_again_once_it_can(place: Place) -> None:
    engine = place.engine()
    engine.transact(put("a", 1))
    place.take_away()
    for each in (engine, place.engine()):
        with pytest.raises(NotStored):
            each.transact(put("b", 2))
        with pytest.raises(NotStored):
            each.tidy()

    place.give_back()
    engine.transact(put("c", 3))
    assert engine.transact(names) == ["a", "c"]


def fill_up(place: Place, told: Connection) -> None:
    """Write until there is no room; then make some, and write once more."""
    place.limit_room()
    engine, written = place.engine(), 0
    try:
        while True:
            engine.transact(put(f"key/{written:03}", "x" * 5_000))
            written += 1
    except NotStored:
        place.make_room()
        engine.transact(put("zz", 1))
        told.send(written)


def test_a_full_disk_is_reported_to_the_caller_and_recovered_from(place: Place) -> None:
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=fill_up, args=(place, theirs))
    process.start()
    theirs.close()
    written = ours.recv()
    process.join()

    assert written > 0
    assert place.engine().transact(names) == [*(f"key/{number:03}" for number in range(written)), "zz"]


def test_an_unreadable_store_is_set_aside_with_a_loud_log_or_refused(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    engine = place.engine()
    engine.transact(put("a", 1))
    engine.close()
    place.spoil()

    try:
        engine.transact(put("b", 2))
        kept = place.engine().transact(names)
    except NotStored:
        kept = []

    assert kept in ([], ["b"])
    wanted = ("ledger_moved_aside", logging.CRITICAL) if kept else ("not_stored", logging.ERROR)
    assert (caplog.records[0].message, caplog.records[0].levelno) == wanted


# Two releases at once


@pytest.fixture
def two(place: Place) -> tuple[Engine, Engine]:
    return place.engine(release="booty@" + "a" * 40), place.engine(release="booty@" + "b" * 40)


def test_two_releases_use_one_store_at_once(two: tuple[Engine, Engine]) -> None:
    for engine in (*two, *two):
        engine.transact(count_up)

    assert two[0].transact(take("count")) == 4
    assert two[1].transact(lambda shelf: shelf[KEY]["release"]) == "booty@" + "a" * 40


def test_a_release_that_cannot_read_the_records_is_refused_with_the_name_of_one_that_can(place: Place) -> None:
    newer = "booty@" + "c" * 40
    keeper = place.engine()
    keeper.transact(put(KEY, {"version": VERSION + 1, "oldest_reader": VERSION, "release": newer}))
    assert place.engine(release="booty@" + "a" * 40).transact(count_up) == 1

    keeper.transact(put(KEY, {"version": VERSION + 1, "oldest_reader": VERSION + 1, "release": newer}))
    with pytest.raises(NotStored, match=newer):
        place.engine(release="booty@" + "a" * 40).transact(count_up)
