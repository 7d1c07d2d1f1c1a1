"""The one issue about the pipe: made once, kept true, closed by itself; over lost answers, kills, people's hands."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.deaths import Tell, deaths
from support.tracker_in_memory import Killed, TrackerInMemory

from booty.observability.alerts.issue import Issue
from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.delivery.watch.pipe_issue import PipeIssue
from booty.observability.issues.outcomes import LabelRefused, Postponed, Refused, Unknown
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.gate import gate_in
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.watch.pipe import PipeBook
from booty.observability.ledger.watch.rounds import PERIOD_SECONDS, Rounds
from booty.observability.ledger.watch.troubles import Trouble

NOW = 1_800_000_000.0
SILENCE = Trouble("silence", "Sentry has sent nothing since noon")
TOKEN = Trouble("token_ends_soon", "the token for GitHub ends on Sunday")
GRAVE = Trouble("stopped", "deliveries are stopped")


class Pipe:
    """The issue over one directory, round after round."""

    def __init__(self, directory: Path, tracker: Tracker, *, now: float = NOW) -> None:
        self.engine, self.now = SqliteEngine(directory), now
        self.rounds = Rounds(self.engine, Notes(), token="mark")
        self.issue = PipeIssue(PipeBook(self.engine, token="mark"), tracker, clock=lambda: self.now)

    def round(self, *troubles: Trouble) -> None:
        """Do the next round, in which those troubles are found."""
        self.now += PERIOD_SECONDS
        holder = self.rounds.begin(troubles, now=self.now)
        assert holder is not None
        self.issue.keep(holder, troubles)
        self.rounds.end(holder, troubles, now=self.now)


@pytest.fixture
def tracker() -> TrackerInMemory:
    return TrackerInMemory()


@pytest.fixture
def pipe(tmp_path: Path, tracker: TrackerInMemory) -> Pipe:
    return Pipe(tmp_path, tracker)


def only(tracker: TrackerInMemory) -> Issue:
    [issue] = tracker.issues.values()
    return issue


def test_says_what_is_wrong_and_is_closed_once_it_is_not(pipe: Pipe, tracker: TrackerInMemory) -> None:
    pipe.round(SILENCE)

    assert (only(tracker).is_open, only(tracker).labels) == (True, ("booty:pipe",))
    assert SILENCE.words in only(tracker).body
    pipe.round()
    assert (only(tracker).is_open, only(tracker).is_completed) == (False, True)
    assert "All is well again" in only(tracker).body


def test_nothing_is_asked_of_github_while_all_is_well(pipe: Pipe, tracker: TrackerInMemory) -> None:
    pipe.round()
    pipe.round(GRAVE)

    assert tracker.calls == []


def test_the_same_issue_tells_of_the_token_too_and_is_written_only_when_something_changed(
    pipe: Pipe, tracker: TrackerInMemory
) -> None:
    for troubles in ((SILENCE,), (SILENCE,), (TOKEN, SILENCE), (TOKEN, SILENCE), (TOKEN,)):
        pipe.round(*troubles)

    assert [call.partition(" ")[0] for call in tracker.calls].count("edit") == 2
    assert TOKEN.words in only(tracker).body
    assert SILENCE.words not in only(tracker).body


def test_the_next_time_the_same_issue_is_opened_again(pipe: Pipe, tracker: TrackerInMemory) -> None:
    for troubles in ((SILENCE,), (), (SILENCE,), (), (TOKEN,)):
        pipe.round(*troubles)

    assert only(tracker).is_open
    assert TOKEN.words in only(tracker).body


def test_what_a_person_closed_stays_closed_until_something_else_is_wrong(pipe: Pipe, tracker: TrackerInMemory) -> None:
    pipe.round(SILENCE)
    tracker.close(1, is_completed=False)
    pipe.round(SILENCE)
    pipe.round(SILENCE)

    assert not only(tracker).is_open
    pipe.round(TOKEN, SILENCE)
    assert only(tracker).is_open


def test_what_a_person_closed_is_opened_again_when_it_was_well_in_between(pipe: Pipe, tracker: TrackerInMemory) -> None:
    pipe.round(SILENCE)
    tracker.close(1, is_completed=False)
    pipe.round(SILENCE)
    pipe.round()
    pipe.round(SILENCE)

    assert only(tracker).is_open


def test_an_issue_that_was_deleted_is_made_anew(pipe: Pipe, tracker: TrackerInMemory) -> None:
    pipe.round(SILENCE)
    tracker.absences = ["deleted"]
    del tracker.issues[1]
    pipe.round(SILENCE)
    pipe.round(SILENCE)

    assert only(tracker).is_open


def test_an_issue_that_is_not_there_for_a_moment_is_not_made_again(pipe: Pipe, tracker: TrackerInMemory) -> None:
    pipe.round(SILENCE)
    tracker.absences = ["missing"]
    for _ in range(3):
        pipe.round(SILENCE)

    assert only(tracker).is_open


@pytest.mark.parametrize("manner", ["lost", "dropped", "killed"])
@pytest.mark.parametrize("at", range(1, 12))
def test_there_is_one_issue_whichever_call_goes_wrong(
    tmp_path: Path, tracker: TrackerInMemory, manner: str, at: int
) -> None:
    tracker.fails_at, tracker.manner = at, manner  # type: ignore[assignment]  # one of its words
    now = NOW
    for troubles in ((SILENCE,),) * 4 + ((),) * 3 + ((TOKEN,),) * 4:
        pipe = Pipe(tmp_path, tracker, now=now)
        with suppress(Killed):
            pipe.round(*troubles)
        now = pipe.now

    assert only(tracker).is_open
    assert TOKEN.words in only(tracker).body


@dataclass
class Lives:
    """Processes that each do one round over files, and may be killed in it."""

    state: Path
    number: int = 0

    def round(self, troubles: tuple[Trouble, ...]) -> None:
        """Do the next round to its end."""
        self.number += 1
        Pipe(self.state, PreviewIssues(self.state / "issues"), now=NOW + self.number * PERIOD_SECONDS).round(*troubles)

    def die(self, troubles: tuple[Trouble, ...], *, inside: str) -> None:
        """Do round after round, each killed one line later, until one is not."""

        def live(number: int, _: Tell) -> None:
            Lives(self.state, first + number).round(troubles)

        first = self.number
        for number, _ in deaths(live, inside=inside):
            self.number = first + number + 1
            assert len(list((self.state / "issues").glob("[0-9].md"))) <= 1


@pytest.mark.parametrize("inside", ["/watch/pipe", "/watch/rounds"])
def test_a_process_killed_at_any_line_leaves_one_issue(tmp_path: Path, inside: str) -> None:
    lives = Lives(tmp_path)
    for troubles in ((SILENCE,), (), (SILENCE, TOKEN)):
        lives.die(troubles, inside=inside)
        for _ in range(4):
            lives.round(troubles)

    text = (tmp_path / "issues" / "1.md").read_text()

    assert [path.name for path in (tmp_path / "issues").glob("*.md")] == ["1.md"]
    assert "Open" in text
    assert TOKEN.words in text


@pytest.mark.parametrize("failure", [Refused("422"), Postponed("down"), Unknown("lost")])
def test_a_call_that_fails_ends_the_round_and_is_logged(
    pipe: Pipe, tracker: TrackerInMemory, caplog: pytest.LogCaptureFixture, failure: Exception
) -> None:
    tracker.refusals = {"create": [failure]}
    pipe.round(SILENCE)

    assert [record.getMessage() for record in caplog.records] == ["pipe_issue_not_kept"]
    for _ in range(3):
        pipe.round(SILENCE)
    assert only(tracker).is_open


def test_a_label_that_github_does_not_take_does_not_cost_the_issue(pipe: Pipe, tracker: TrackerInMemory) -> None:
    tracker.refusals = {"create": [LabelRefused("you may not create labels")]}
    pipe.round(SILENCE)

    assert (only(tracker).is_open, only(tracker).labels) == (True, ())


def test_deliveries_rest_after_a_call_that_github_did_not_take(pipe: Pipe, tracker: TrackerInMemory) -> None:
    tracker.refusals = {"create": [Postponed("limit", pause_seconds=120.0, is_limit=True)]}
    pipe.round(SILENCE)

    assert pipe.engine.transact(gate_in)["paused_until"] == pipe.now + 120


def test_nothing_is_written_while_a_delivery_is_under_way_or_deliveries_are_paused(
    pipe: Pipe, tracker: TrackerInMemory
) -> None:
    paused = {"gate": {"paused_until": pipe.now + 2 * PERIOD_SECONDS, "token": "mark"}}
    pipe.engine.transact(lambda shelf: shelf.update(paused))
    pipe.round(SILENCE)

    assert tracker.issues == {}
    pipe.round(SILENCE)
    assert only(tracker).is_open


def test_a_round_that_was_held_up_writes_nothing(pipe: Pipe, tracker: TrackerInMemory) -> None:
    def hold_up(call: str) -> None:
        pipe.now += 100 if call == "find_rule" else 0

    tracker.during = hold_up
    pipe.round(SILENCE)

    assert tracker.issues == {}


@pytest.mark.parametrize("record", ["x", {"issue": "x", "told": 7, "is_open": 1, "looks": None}])
def test_a_damaged_record_counts_as_none(pipe: Pipe, tracker: TrackerInMemory, record: object) -> None:
    pipe.engine.transact(lambda shelf: shelf.update({"pipe": record}))
    pipe.round(SILENCE)

    assert only(tracker).is_open


def test_an_issue_that_a_lost_ledger_knew_is_found_by_its_marker(tmp_path: Path, tracker: TrackerInMemory) -> None:
    Pipe(tmp_path / "lost", tracker).round(SILENCE)
    Pipe(tmp_path / "new", tracker).round(TOKEN)

    assert TOKEN.words in only(tracker).body
