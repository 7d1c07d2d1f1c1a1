"""Rounds of the watch: one worker at a time, every five minutes, or as soon as something has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.watch.rounds import LEASE_SECONDS, LEAST_SECONDS, PERIOD_SECONDS, Rounds
from booty.observability.ledger.watch.token import TokenBook
from booty.observability.ledger.watch.troubles import Trouble

NOW = 1_800_000_000.0
SILENCE = Trouble("silence", "nothing since then")


class Worker:
    """One worker's rounds over a shared directory."""

    def __init__(self, directory: Path, *, mark: str = "mark") -> None:
        self.notes = Notes()
        self.engine = SqliteEngine(directory)
        self.rounds = Rounds(self.engine, self.notes, token=mark)

    def do_round(self, *troubles: Trouble, at: float) -> bool:
        """Do a round if it is time; return whether it was."""
        holder = self.rounds.begin(troubles, now=at)
        if holder is not None:
            self.rounds.end(holder, troubles, now=at)
        return holder is not None


@pytest.fixture
def workers(tmp_path: Path) -> tuple[Worker, Worker]:
    return Worker(tmp_path), Worker(tmp_path)


def test_one_of_two_workers_makes_each_round(workers: tuple[Worker, Worker]) -> None:
    done = [worker.do_round(at=NOW + at) for at in range(0, 1201, 5) for worker in workers]

    assert sum(done) == 5


def test_a_round_comes_early_when_something_else_is_wrong_than_was_told(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    one.do_round(at=NOW)

    assert not other.do_round(at=NOW + LEAST_SECONDS)
    assert not other.do_round(SILENCE, at=NOW + LEAST_SECONDS - 1)
    assert other.do_round(SILENCE, at=NOW + LEAST_SECONDS)
    assert not one.do_round(SILENCE, at=NOW + 2 * LEAST_SECONDS)
    assert one.do_round(at=NOW + 2 * LEAST_SECONDS)


def test_the_round_of_a_worker_that_died_in_it_is_made_by_another(workers: tuple[Worker, Worker]) -> None:
    one, other = workers

    assert one.rounds.begin((), now=NOW) is not None
    assert not other.do_round(at=NOW + LEASE_SECONDS - 1)
    assert other.do_round(at=NOW + LEASE_SECONDS)


def test_a_worker_that_outlives_its_round_tells_nothing_in_the_name_of_the_next(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    held = one.rounds.begin((SILENCE,), now=NOW)
    other.do_round(at=NOW + LEASE_SECONDS)
    one.rounds.end(str(held), (SILENCE,), now=NOW + LEASE_SECONDS + 1)

    assert not other.do_round(at=NOW + LEASE_SECONDS + LEAST_SECONDS)


def test_what_any_worker_noted_is_known_to_all(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    one.notes.heard_at, one.notes.moved_at, other.notes.moved_at = NOW - 50, NOW - 9, NOW - 7
    one.rounds.look(now=NOW - 1)
    other.rounds.look(now=NOW)

    seen = one.rounds.look(now=NOW).watched

    assert (seen.heard_at, seen.moved_at) == (NOW - 50, NOW - 7)


def test_the_silence_counts_from_the_first_look_over_all_restarts(tmp_path: Path) -> None:
    heard = {Worker(tmp_path).rounds.look(now=NOW + 3600 * at).watched.heard_at for at in range(10)}

    assert heard == {NOW}


def test_a_clock_that_was_set_back_holds_no_round_up(workers: tuple[Worker, Worker]) -> None:
    one, _ = workers
    one.do_round(at=NOW + 10 * PERIOD_SECONDS)
    one.notes.heard_at = NOW + 10 * PERIOD_SECONDS

    assert one.rounds.look(now=NOW).watched.heard_at == NOW
    assert one.do_round(at=NOW)


def test_what_was_found_out_about_another_token_does_not_count(tmp_path: Path) -> None:
    old, new = Worker(tmp_path, mark="old"), Worker(tmp_path, mark="new")
    TokenBook(old.engine, token="old").note(NOW + 5)
    old.rounds.note_refusal(is_refused=True)
    seen, other = (worker.rounds.look(now=NOW).watched for worker in (old, new))

    assert (seen.expires_at, seen.is_refused) == (NOW + 5, True)
    assert (other.expires_at, other.is_refused) == (None, False)


@pytest.mark.parametrize("record", ["x", {"heard_at": "x", "told": 5, "began_at": None}, [1]])
def test_a_damaged_record_counts_as_none(workers: tuple[Worker, Worker], record: object) -> None:
    one, _ = workers
    one.engine.transact(lambda shelf: shelf.update({"watch": record, "token": record}))

    assert one.rounds.look(now=NOW).watched.heard_at == NOW
    assert one.do_round(at=NOW)


def test_a_ledger_that_cannot_be_written_to_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no directory")

    with pytest.raises(NotStored):
        Worker(tmp_path / "state").rounds.look(now=NOW)


def test_the_first_of_several_tokens_that_ends_is_told_of_and_no_token_of_before(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path)
    TokenBook(engine, token="home").note(NOW + 300)
    TokenBook(engine, token="route's", name="/a").note(NOW + 200)
    TokenBook(engine, token="of before", name="/b").note(NOW + 100)

    def expires_at(*others: str) -> float | None:
        return Rounds(engine, Notes(), token="home", others=others).look(now=NOW).watched.expires_at

    assert expires_at("route's") == NOW + 200
    assert expires_at() == NOW + 300
