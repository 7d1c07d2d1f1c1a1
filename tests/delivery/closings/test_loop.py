"""The thread over the closings of every repository."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

import pytest

from booty.observability.delivery.closings.loop import ClosingsLoop
from booty.observability.ledger.engines.engine import NotStored


@pytest.mark.parametrize("error", [NotStored("full"), ValueError("a bug")])
def test_what_goes_wrong_with_one_repository_is_no_matter_of_the_next(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    done = Event()

    def fail() -> None:
        raise error

    loop = ClosingsLoop(lambda: [(None, fail), ("acme/web", done.set)], look_seconds=0.01)
    with caplog.at_level(logging.ERROR):
        loop.wake()
        assert done.wait(10)
        loop.stop()


def test_where_nobody_can_say_whose_they_are_it_is_asked_again() -> None:
    done, answers = Event(), iter([NotStored("full"), None])

    def find() -> list[tuple[str | None, Callable[[], None]]]:
        if (error := next(answers)) is not None:
            raise error
        return [(None, done.set)]

    loop = ClosingsLoop(find, look_seconds=0.01)
    loop.wake()
    assert done.wait(10)
    loop.stop()
