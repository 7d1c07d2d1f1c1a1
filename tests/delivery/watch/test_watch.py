"""The watch: who is told, of what, how often."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from support.deaths import FORK
from support.delivery_desk import Clock
from support.tracker_in_memory import TrackerInMemory

from booty.observability.delivery.courier import Courier
from booty.observability.delivery.watch.pipe_issue import PipeIssue
from booty.observability.delivery.watch.watch import Watch
from booty.observability.exchange import NoAnswer
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.gates import one_token
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.watch.pipe import PipeBook
from booty.observability.ledger.watch.rounds import LOOK_SECONDS, PERIOD_SECONDS, Rounds
from booty.observability.ledger.watch.token import TokenBook
from booty.observability.ledger.watch.troubles import DAY_SECONDS, Trouble
from booty.observability.ledger.watch.watched_queue import WatchedQueue

HOUR = 3600.0


class Worker:
    """One worker: a courier that steps when the test says so, and the watch over it."""

    def __init__(self, directory: Path, clock: Clock, tracker: TrackerInMemory, told: list[list[str]]) -> None:
        self.clock, self.told, self.tracker = clock, told, tracker
        self.failure: NoAnswer | None = None
        self.notes, self.engine = Notes(), SqliteEngine(directory)
        queue = WatchedQueue(self.engine, keep_seconds=30 * 24 * HOUR, noted=self.notes)
        self.courier = Courier(queue, tracker, trigger_label="a", gates_of=one_token("mark"), clock=clock)
        self.watch = Watch(
            Rounds(self.engine, self.notes, token="mark"),
            tracker,
            PipeIssue(PipeBook(self.engine, token="mark"), tracker, clock=clock),
            self._tell,
            silence_seconds=2 * HOUR,
            clock=clock,
        )

    def _tell(self, grave: Sequence[Trouble]) -> None:
        if self.failure is not None:
            raise self.failure
        self.told.append([each.kind for each in grave])


class Pipe:
    """Two workers over one ledger, that live for as long as a test says."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.clock, self.tracker = directory / "state", Clock(), TrackerInMemory()
        self.told: list[list[str]] = []
        self.restart()

    def restart(self) -> None:
        self.workers = [Worker(self.directory, self.clock, self.tracker, self.told) for _ in range(2)]

    def live(self, seconds: float, *, step: Callable[[Worker], object] = lambda worker: worker.courier.step()) -> None:
        """Let time pass; `step` is what the couriers do."""
        ends_at = self.clock.now + seconds
        while self.clock.now < ends_at:
            for worker in self.workers:
                step(worker)
                worker.watch.turn()
            self.clock.now += LOOK_SECONDS

    def hear(self) -> None:
        self.workers[0].notes.heard_at = self.clock.now


@pytest.fixture
def pipe(tmp_path: Path) -> Pipe:
    return Pipe(tmp_path)


def test_one_worker_tells_every_five_minutes_that_all_is_well(pipe: Pipe) -> None:
    pipe.live(3600)

    assert 12 <= len(pipe.told) <= 13
    assert not any(pipe.told)


def test_a_restart_does_not_tell_again(pipe: Pipe) -> None:
    for _ in range(10):
        pipe.live(20)
        pipe.restart()

    assert pipe.told == [[]]


def test_a_courier_that_stands_still_is_told_within_a_period(pipe: Pipe) -> None:
    pipe.live(60)
    pipe.live(PERIOD_SECONDS, step=lambda _: None)

    assert pipe.told == [[], ["courier"]]
    pipe.live(2 * LOOK_SECONDS)
    assert pipe.told[-1] == []


def test_one_courier_that_moves_is_enough(pipe: Pipe) -> None:
    pipe.live(900, step=lambda worker: worker.courier.step() if worker is pipe.workers[1] else None)

    assert not any(pipe.told)


def test_a_github_that_would_refuse_everything_is_told_though_nothing_is_owed(pipe: Pipe) -> None:
    pipe.live(10)
    pipe.tracker.refusals = {"check": [Refused("GitHub answered 401", remedy="set it")] * 7}
    pipe.live(PERIOD_SECONDS)

    assert pipe.told == [[], ["stopped"]]
    pipe.live(PERIOD_SECONDS)
    assert pipe.told == [[], ["stopped"], ["stopped"]]
    pipe.live(150)
    assert pipe.told == [[], ["stopped"], ["stopped"], []]


@pytest.mark.parametrize("failure", [Postponed("down"), Unknown("lost")])
def test_a_github_that_is_down_is_no_matter_of_the_pipe(pipe: Pipe, failure: Exception) -> None:
    pipe.tracker.refusals = {"check": [failure] * 20}
    pipe.live(900)

    assert not any(pipe.told)


def test_a_token_of_three_days_is_told_and_gets_the_issue_over_ten_restarts(pipe: Pipe) -> None:
    book = TokenBook(SqliteEngine(pipe.directory), token="mark")
    book.note(pipe.clock.now + 3 * DAY_SECONDS)
    for _ in range(10):
        pipe.live(60)
        pipe.restart()

    assert all(told == ["token_ends"] for told in pipe.told)
    assert [issue.is_open for issue in pipe.tracker.issues.values()] == [True]
    book.note(pipe.clock.now + 300 * DAY_SECONDS)
    pipe.live(60)
    assert pipe.told[-1] == []
    assert [issue.is_open for issue in pipe.tracker.issues.values()] == [False]


def test_a_token_of_ten_days_gets_the_issue_while_the_heart_beats(pipe: Pipe) -> None:
    TokenBook(SqliteEngine(pipe.directory), token="mark").note(pipe.clock.now + 10 * DAY_SECONDS)
    pipe.live(900)

    assert not any(pipe.told)
    assert len(pipe.tracker.issues) == 1


def test_silence_gets_the_issue_which_closes_with_the_next_webhook(pipe: Pipe) -> None:
    pipe.live(2 * HOUR)

    assert pipe.tracker.issues == {}
    pipe.live(PERIOD_SECONDS)
    assert [issue.is_open for issue in pipe.tracker.issues.values()] == [True]
    assert pipe.told[-1] == ["silence"]
    pipe.hear()
    pipe.live(60)
    assert [issue.is_open for issue in pipe.tracker.issues.values()] == [False]
    assert pipe.told[-1] == []


@pytest.mark.parametrize("failure", [Unknown("lost"), Postponed("down"), Refused("422")])
def test_an_issue_that_could_not_be_made_is_there_some_minutes_later_with_no_call_more_to_the_monitor(
    pipe: Pipe, failure: Exception
) -> None:
    pipe.tracker.refusals = {"create": [failure]}
    pipe.live(2 * HOUR + 2 * LOOK_SECONDS)
    told = len(pipe.told)
    pipe.live(200)

    assert [issue.is_open for issue in pipe.tracker.issues.values()] == [True]
    assert len(pipe.told) == told


def test_each_worker_tells_alone_that_the_ledger_cannot_be_written_to(pipe: Pipe) -> None:
    pipe.live(10)
    pipe.directory.rename(pipe.directory.with_name("aside"))
    pipe.directory.write_text("no directory")
    pipe.live(PERIOD_SECONDS, step=lambda _: None)

    assert pipe.told == [[], ["ledger"], ["ledger"]]
    pipe.directory.unlink()
    pipe.directory.with_name("aside").rename(pipe.directory)
    pipe.live(60)
    assert pipe.told == [[], ["ledger"], ["ledger"], []]


def test_a_monitor_that_cannot_be_reached_is_tried_again_soon_and_logged_once(
    pipe: Pipe, caplog: pytest.LogCaptureFixture
) -> None:
    for worker in pipe.workers:
        worker.failure = NoAnswer("ConnectTimeout", is_sent=False)
    pipe.live(60)

    assert pipe.told == []
    assert 1 <= [record.getMessage() for record in caplog.records].count("heartbeat_not_sent") <= 2
    for worker in pipe.workers:
        worker.failure = None
    pipe.live(30)
    assert pipe.told == [[]]


def test_a_thread_that_dies_with_its_worker_stopped_leaves_the_telling_to_the_other(pipe: Pipe) -> None:
    silent = pipe.workers.pop(0)
    pipe.live(900)

    assert 3 <= len(pipe.told) <= 4
    assert silent.told is pipe.told


def test_a_worker_that_is_stopped_by_a_signal_while_it_holds_the_ledger_silences_all(tmp_path: Path) -> None:
    pipe, holding = Pipe(tmp_path), FORK.Event()

    def hold() -> None:
        def stop(_: object) -> None:
            holding.set()
            os.kill(os.getpid(), signal.SIGSTOP)

        SqliteEngine(pipe.directory).transact(stop)

    holder = FORK.Process(target=hold)
    holder.start()
    assert holding.wait(10)
    looking = threading.Thread(target=pipe.workers[0].watch.turn, daemon=True)
    looking.start()
    looking.join(0.5)

    assert pipe.told == []
    os.kill(int(holder.pid or 0), signal.SIGCONT)
    holder.join()
    looking.join(10)
    assert pipe.told == [[]]
