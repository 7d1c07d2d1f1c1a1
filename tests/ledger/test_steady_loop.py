"""The thread of a loop beside the requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from threading import Event

import pytest

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.steady_loop import SteadyLoop

LONG = 3600.0


class Turning(SteadyLoop):
    """A loop that does in each turn what the test says."""

    def __init__(self, do: Callable[[], None], *, seconds: float = 0.01, stop_seconds: float | None = None) -> None:
        super().__init__("turning", seconds=seconds, failed="turn_failed", stop_seconds=stop_seconds)
        self._do = do

    def turn(self) -> None:
        """Do it."""
        self._do()


def threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "turning"]


def test_a_turn_comes_after_the_other_in_one_thread_until_it_is_stopped() -> None:
    seen: list[threading.Thread] = []
    third = Event()

    def turn() -> None:
        seen.append(threading.current_thread())
        if len(seen) == 3:
            third.set()

    loop = Turning(turn)
    assert threads() == []  # nothing runs before the fork
    loop.wake()
    loop.wake()
    assert third.wait(10)
    loop.stop()

    assert threads() == []
    assert len(set(seen)) == 1
    assert seen[0].daemon


@pytest.mark.parametrize(("error", "logged"), [(NotStored("full"), []), (ValueError("a bug"), ["turn_failed"])])
def test_what_goes_wrong_in_a_turn_does_not_end_it(
    error: Exception, logged: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    errors, again = iter([error]), Event()

    def turn() -> None:
        for each in errors:
            raise each
        again.set()

    loop = Turning(turn)
    with caplog.at_level(logging.ERROR):
        loop.wake()
        assert again.wait(10)
        loop.stop()

    assert [record.message for record in caplog.records] == logged
    assert [record.exc_info is not None for record in caplog.records] == [True] * len(logged)


def test_a_stop_does_not_wait_for_the_next_turn() -> None:
    loop = Turning(lambda: None, seconds=LONG)
    loop.wake()

    loop.stop()

    assert threads() == []


def test_a_stop_waits_for_the_turn_under_way_no_longer_than_it_may() -> None:
    begun, may_end = Event(), Event()

    def turn() -> None:
        begun.set()
        may_end.wait()

    loop = Turning(turn, stop_seconds=0.0)
    loop.wake()
    assert begun.wait(10)
    loop.stop()
    (left,) = threads()

    may_end.set()
    left.join()


def test_a_loop_that_never_ran_can_be_stopped() -> None:
    Turning(lambda: None).stop()

    assert threads() == []
