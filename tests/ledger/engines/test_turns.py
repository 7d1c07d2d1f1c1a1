"""Threads that wait for a commit: who leads, who is woken."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest
from support.service import eventually

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.turns import Take, Turn, Turns

SHELF: Any = None


def turn(name: str) -> Turn[str]:
    return Turn(lambda _: name, (), is_lasting=True)


class Desk:
    """Commits that each wait until they are let go."""

    def __init__(self) -> None:
        self.commits: list[int] = []
        self.may_end: list[Event] = [Event() for _ in range(3)]
        self.turns = Turns(self.commit)

    def commit(self, take: Take) -> None:
        taken = take()
        self.commits.append(len(taken))
        self.may_end[len(self.commits) - 1].wait(10)
        for each in taken:
            each.results.append(each.work(SHELF))


def test_whoever_was_served_goes_while_the_next_commit_is_under_way() -> None:
    desk = Desk()
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(desk.turns.wait, turn("a"))
        assert eventually(lambda: desk.commits == [1])
        served = [threads.submit(desk.turns.wait, turn(name)) for name in "bc"]
        assert eventually(lambda: len(desk.turns._waiting) == len(served))  # noqa: SLF001 - nothing else tells
        desk.may_end[0].set()
        assert first.result(10) == "a"
        assert eventually(lambda: desk.commits == [1, 2])
        last = threads.submit(desk.turns.wait, turn("d"))
        assert eventually(lambda: len(desk.turns._waiting) == 1)  # noqa: SLF001 - as above
        desk.may_end[1].set()
        assert [each.result(10) for each in served] == ["b", "c"]
        assert eventually(lambda: desk.commits == [1, 2, 1])
        assert not last.done()
        desk.may_end[2].set()
        assert last.result(10) == "d"


def ends(error: BaseException) -> Callable[[Take], None]:
    def commit(take: Take) -> None:
        take()
        raise error

    return commit


@pytest.mark.parametrize("is_taken", [True, False])
@pytest.mark.parametrize("error", [NotStored("full"), ValueError("a bug")], ids=["not stored", "a bug"])
def test_a_commit_that_fails_fails_for_all_whom_it_was_for(error: Exception, is_taken: bool) -> None:  # noqa: FBT001 - a case
    def commit(take: Take) -> None:
        if is_taken:
            take()
        raise error

    turns = Turns(commit)
    for _ in range(2):
        with pytest.raises(type(error), match=str(error)):
            turns.wait(turn("a"))


def test_a_thread_that_is_told_to_end_leaves_nobody_waiting() -> None:
    started, may_end = Event(), Event()

    def commit(take: Take) -> None:
        taken = take()
        if not started.is_set():
            started.set()
            may_end.wait(10)
            raise SystemExit
        for each in taken:
            each.results.append("later")

    turns = Turns(commit)

    def wait() -> None:
        with suppress(SystemExit):
            turns.wait(turn("a"))

    first = Thread(target=wait, daemon=True)
    first.start()
    started.wait(10)
    with ThreadPoolExecutor(1) as threads:
        second = threads.submit(turns.wait, turn("b"))
        assert eventually(lambda: len(turns._waiting) == 1)  # noqa: SLF001 - nothing else tells
        may_end.set()

        assert second.result(10) == "later"
    first.join(10)


def test_no_turn_is_lost_or_done_twice_among_many_threads() -> None:
    done: list[int] = []

    def commit(take: Take) -> None:
        for each in take():
            each.results.append(each.work(SHELF))

    def work(number: int) -> int:
        done.append(number)
        return number

    turns = Turns(commit)
    with ThreadPoolExecutor(16) as threads:
        numbers = range(5_000)
        asked = [Turn(lambda _, number=number: work(number), (), is_lasting=True) for number in numbers]  # type: ignore[misc] # a default binds
        assert list(threads.map(turns.wait, asked)) == list(numbers)
    assert sorted(done) == list(numbers)
