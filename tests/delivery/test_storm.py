"""A storm of new problems: some get an issue each, the others share one; none is lost, none comes twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from support.alerts import alert, frame
from support.away import AwayEngine
from support.delivery_desk import HOUR, NOW, Clock
from support.ledger_doors import Ledger
from support.tracker_in_memory import Killed, TrackerInMemory

from booty.observability.alerts.alert import Alert, Raised
from booty.observability.alerts.filters import History, Policy, Verdict, decide
from booty.observability.alerts.issue import Issue
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import Change, StatusChange
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.delivery.courier import Courier
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.draft import marker_of
from booty.observability.issues.life.step import Rules
from booty.observability.issues.outcomes import LabelRefused, Postponed, Refused, Unknown
from booty.observability.issues.storm.page import FINGERPRINT, LABEL
from booty.observability.ledger.engines.engine import NotStored, Shelf
from booty.observability.ledger.journal.story import story_of
from booty.observability.ledger.storm.book import StormBook
from booty.observability.ledger.storm.state import troubles_in
from booty.observability.ledger.storm.turns import DigestTurn

TOTAL = re.compile(r"\*\*([\d,]+) problems")
LIMIT = StormLimit(30, 600.0)
POLICY = Policy(Severity.WARNING, 6 * HOUR)
RULES = Rules(window_seconds=30 * 24 * HOUR, web=WebLinks("https://github.com/acme/shop"))


@dataclass
class Storm:
    """A ledger, a tracker, a courier under a limit; a clock that the test sets."""

    directory: Path
    limit: StormLimit | None = LIMIT
    clock: Clock = field(default_factory=Clock)
    tracker: TrackerInMemory = field(default_factory=TrackerInMemory)
    edits: list[float] = field(default_factory=list)
    creates: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.directory)
        self.courier = self.another_courier()
        self.tracker.during = self._note

    def _note(self, call: str) -> None:
        times = {"edit": self.edits, "crea": self.creates}.get(call[:4])
        if times is not None:
            times.append(self.clock.now)

    def another_courier(self) -> Courier:
        ledger = Ledger(self.directory)
        book = StormBook(ledger.engine, self.limit)
        return Courier(
            ledger.queue, self.tracker, trigger_label="agent:builder", rules=RULES, storm=book, clock=self.clock
        )

    def arrive(self, number: int, event: str = "a", severity: str = "error", **more: object) -> Verdict:
        one = alert(
            fingerprint=f"1:{number}", event=f"{event}{number}", severity=Severity(severity), occurred_at=None, **more
        )
        now = self.clock.now
        return self.ledger.claims.claim(one, partial(_decided, one, now), now=now)

    def pass_time(self, seconds: float, *, until: Callable[[], bool] = lambda: False) -> None:
        ends_at = self.clock.now + seconds
        while self.clock.now < ends_at and not until():
            rest = self.courier.step()
            if rest is not None:
                self.clock.now = min(max(self.clock.now, rest.until or ends_at), ends_at)

    @property
    def digests(self) -> list[Issue]:
        return [issue for issue in self.tracker.issues.values() if (_fingerprint(issue)) == FINGERPRINT]

    @property
    def singles(self) -> list[str]:
        return [name for issue in self.tracker.issues.values() if (name := _fingerprint(issue)) != FINGERPRINT]

    @property
    def total(self) -> int:
        told = (TOTAL.search(issue.body) for issue in self.digests)
        return sum(int(each[1].replace(",", "")) for each in told if each)


def _decided(one: Alert, now: float, history: History | None) -> Verdict:
    return decide(one, POLICY, history, now)


def _fingerprint(issue: Issue) -> str:
    marker = marker_of(issue.body)
    return marker.fingerprint if marker else ""


@pytest.fixture
def storm(tmp_path: Path) -> Storm:
    return Storm(tmp_path)


def test_of_two_thousand_problems_in_a_minute_thirty_get_an_issue_each_the_rest_share_one(storm: Storm) -> None:
    for number in range(2000):
        storm.clock.now = NOW + number * 0.03
        storm.arrive(number)

    for number in range(2000, 2010):
        storm.pass_time(30)
        storm.arrive(number)
    storm.pass_time(200)

    assert len(storm.tracker.issues) == 31
    assert len(storm.singles) + storm.total == 2010
    assert [digest.labels for digest in storm.digests] == [(LABEL,)]
    assert storm.ledger.owed == 0
    assert storm.digests[0].body.count("\n| error |") == 100
    assert min(after - before for before, after in zip(storm.edits, storm.edits[1:], strict=False)) >= 60


def test_the_table_has_the_worst_and_most_frequent_on_top(storm: Storm) -> None:
    for number in range(40):
        storm.arrive(number, raised=(Raised(type="KeyError", frames=(frame("shop/cart.py", number, "total"),)),))
    storm.pass_time(100)
    for _ in range(5):
        storm.arrive(50, severity="warning")
    for number in range(3):
        storm.arrive(51, event=f"e{number}")
    storm.pass_time(200)

    rows = [line for line in storm.digests[0].body.splitlines() if line.startswith("| ") and "Level" not in line]
    assert rows[0].startswith("| error | `exception`") or "| 3 |" in rows[0]
    assert rows[-1].startswith("| warning |")
    assert "`KeyError` | `shop/cart.py:" in rows[1]


def test_a_turn_that_nobody_knows_to_be_taken_is_taken_at_once(storm: Storm) -> None:
    for number in range(40):
        storm.arrive(number)
    storm.pass_time(100)
    storm.arrive(50)
    storm.pass_time(5)
    engine = AwayEngine(storm.ledger.engine)
    book, now = StormBook(engine, LIMIT), storm.clock.now + 61
    engine.is_cut_off = True
    with pytest.raises(NotStored):
        book.take_turn(now=now)
    engine.is_cut_off = False

    assert isinstance(book.take_turn(now=now + 5), DigestTurn)


def test_fatal_ones_and_those_that_came_back_are_never_held_back(storm: Storm) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(100)
    storm.arrive(100, severity="fatal")
    storm.arrive(101, is_regression=True)
    storm.arrive(59, event="worse", severity="fatal")
    storm.pass_time(100)

    assert {"1:100", "1:101", "1:59"} <= set(storm.singles)
    assert len(storm.singles) == 33


def test_what_comes_again_during_the_storm_is_filed_once_it_is_quiet(storm: Storm) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(300)
    held = next(number for number in range(60) if f"1:{number}" not in storm.singles)
    assert storm.arrive(held, event="again") is Verdict.NEWS
    storm.pass_time(200)
    before = list(storm.singles)
    storm.pass_time(900)

    assert f"1:{held}" not in before
    assert storm.singles.count(f"1:{held}") == 1
    assert len(storm.singles) == 31
    number = next(issue.number for issue in storm.tracker.issues.values() if _fingerprint(issue) == f"1:{held}")
    assert f"| #{number} |" in storm.digests[0].body
    assert "It is over." in storm.digests[0].body


def test_after_it_five_come_again_five_issues_each_once(storm: Storm) -> None:
    for number in range(200):
        storm.arrive(number)
    storm.pass_time(1500)
    held = [number for number in range(200) if f"1:{number}" not in storm.singles][:5]
    for again in ("x", "y", "z"):
        for number in held:
            storm.arrive(number, event=again)
        storm.pass_time(60)

    assert len(storm.singles) == 35
    assert Counter(storm.singles).most_common(1)[0][1] == 1
    assert {f"1:{number}" for number in held} <= set(storm.singles)


def test_another_storm_later_has_a_digest_of_its_own_and_the_rows_of_the_first_go(storm: Storm) -> None:
    for number in range(200):
        storm.arrive(number)
    storm.pass_time(3 * HOUR)
    for number in range(1000, 1200):
        storm.arrive(number)
    storm.pass_time(3 * HOUR)

    def rows(shelf: Shelf) -> int:
        return sum(1 for _ in shelf.under("row/"))

    assert len(storm.digests) == 2
    assert storm.total + len(storm.singles) == 400
    assert storm.ledger.engine.transact(rows) <= 100


@pytest.mark.parametrize("absence", [Postponed("down"), Unknown("503")])
def test_an_hour_of_absence_then_the_worst_come_within_a_minute(storm: Storm, absence: Exception) -> None:
    storm.tracker.refusals = {verb: [absence] * 1000 for verb in ("create", "check", "find")}
    for number in range(1000):
        storm.clock.now = NOW + number * 3.6
        storm.arrive(number, severity="fatal" if number % 50 == 7 else "error")
        storm.pass_time(3.5)
    storm.tracker.refusals.clear()
    back = storm.clock.now
    storm.pass_time(60)

    fatal = {f"1:{number}" for number in range(1000) if number % 50 == 7}
    assert fatal <= set(storm.singles)
    storm.pass_time(600 - (storm.clock.now - back))
    assert len(storm.singles) + storm.total == 1000
    assert storm.ledger.owed == 0


@pytest.mark.parametrize("manner", ["lost", "dropped", "killed"])
@pytest.mark.parametrize("call", range(3, 9))
def test_a_call_that_fails_in_any_way_loses_nothing_and_doubles_nothing(storm: Storm, manner: str, call: int) -> None:
    storm = Storm(storm.directory, StormLimit(3, 600.0))
    for number in range(20):
        storm.arrive(number)
    storm.tracker.fails_at, storm.tracker.manner = call, manner  # type: ignore[assignment]  # one of the three
    ends_at = NOW + 590
    while storm.clock.now < ends_at:
        try:
            storm.pass_time(ends_at - storm.clock.now)
        except Killed:
            storm.courier = storm.another_courier()

    assert len(storm.digests) == 1
    assert len(storm.singles) + storm.total == 20
    assert max(Counter(storm.singles).values()) == 1


def test_a_label_that_is_refused_does_not_cost_the_digest(storm: Storm) -> None:
    for number in range(32):
        storm.arrive(number)
    storm.pass_time(30, until=lambda: len(storm.singles) == 30)
    storm.tracker.refusals["create"] = [LabelRefused("no label")]
    storm.pass_time(100)

    assert [digest.labels for digest in storm.digests] == [()]


def test_a_person_may_write_around_the_table_and_lock_the_issue(storm: Storm) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(100)
    [digest] = storm.digests
    body = f"My words above.\n\n{digest.body}".replace("So many new", "EDITED").replace("\n", "\r\n")
    storm.tracker.issues[digest.number] = replace(digest, body=body, title="Mine")
    storm.tracker.lock(digest.number)
    storm.arrive(70)
    storm.pass_time(100)

    [digest] = storm.digests
    assert digest.body.startswith("My words above.\n\nEDITED")
    assert digest.body.count("**31 problems**") == digest.body.count("<!-- booty:storm -->") == 1
    assert digest.title == "Mine"


def test_a_digest_whose_table_was_taken_out_gets_it_back(storm: Storm) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(100)
    [digest] = storm.digests
    storm.tracker.issues[digest.number] = replace(digest, body="Only this.")
    storm.arrive(70)
    storm.pass_time(100)

    assert storm.digests[0].body.startswith("Only this.\n\n<!-- booty:storm -->\n**31 problems**")


def test_a_deleted_digest_is_made_anew_with_all_that_is_in_it(storm: Storm) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(100)
    [digest] = storm.digests
    storm.tracker.issues[digest.number] = replace(digest, body="it was deleted, and its number is not given again")
    storm.tracker.hidden.add(digest.number)
    storm.arrive(70)
    storm.pass_time(200)

    assert (len(storm.digests), storm.total) == (1, 31)


def test_a_digest_that_a_person_closed_is_left_closed_and_the_next_problems_get_another(storm: Storm) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(100)
    first = storm.digests[0].number
    storm.tracker.close(first, is_completed=True)
    storm.arrive(70)
    storm.pass_time(100)
    storm.arrive(71)
    storm.pass_time(100)

    assert not storm.tracker.issues[first].is_open
    assert [digest.is_open for digest in storm.digests] == [False, True]
    assert storm.total == 32


def test_two_couriers_make_one_digest(storm: Storm) -> None:
    other = storm.another_courier()
    for number in range(200):
        storm.arrive(number)
    for _ in range(400):
        for courier in (storm.courier, other):
            rest = courier.step()
            storm.clock.now += 0.5 if rest else 0.0

    assert (len(storm.digests), len(storm.singles) + storm.total) == (1, 200)


def test_without_a_storm_there_is_no_digest(storm: Storm) -> None:
    for number in range(30):
        storm.arrive(number)
    storm.pass_time(3000)

    assert (len(storm.singles), storm.digests) == (30, [])


def test_a_tracker_that_never_answers_costs_no_row(storm: Storm) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(30, until=lambda: len(storm.singles) == 30)
    storm.tracker.refusals["create"] = [Unknown("no answer")] * 5
    storm.pass_time(590)

    assert (len(storm.digests), storm.total) == (1, 30)


def change(number: int, to: Change, key: str = "k", **more: object) -> StatusChange:
    return StatusChange.read({"fingerprint": f"1:{number}", "change": to, "key": key, **more})


def test_what_is_resolved_in_sentry_while_only_the_table_has_it_gets_an_issue_at_once_when_it_comes_back(
    storm: Storm,
) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(100)
    storm.ledger.claims.record_status_change(change(59, "resolved"), now=storm.clock.now)
    storm.pass_time(100)
    for number in (58, 59):
        storm.arrive(number, event="again")
    storm.pass_time(100)

    assert storm.singles.count("1:59") == 1
    assert "1:58" not in storm.singles


@pytest.mark.parametrize("is_first", [True, False])
def test_what_sentry_says_came_back_is_not_held_back_whichever_of_both_webhooks_is_first(
    storm: Storm, *, is_first: bool
) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(100)
    came_back = change(100, "unresolved", is_regression=True)
    if is_first:
        storm.ledger.claims.record_status_change(came_back, now=storm.clock.now)
    storm.arrive(100)
    if not is_first:
        storm.ledger.claims.record_status_change(came_back, now=storm.clock.now)
    storm.pass_time(100)

    assert storm.singles.count("1:100") == 1


def test_what_waits_for_the_end_of_a_storm_is_told_as_being_in_its_table(storm: Storm) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(100)
    held = next(number for number in range(60) if f"1:{number}" not in storm.singles)
    tellings = []
    for seconds in (1500, 100):
        storm.arrive(held, event=f"after {seconds}")
        told = storm.ledger.engine.transact(lambda shelf: story_of(shelf, f"1:{held}", now=storm.clock.now))
        assert told is not None
        tellings.append((told.is_owed, told.digest))
        storm.pass_time(seconds)

    assert tellings == [(True, storm.digests[0].number), (False, None)]


@pytest.mark.parametrize("failures", [0, 1])
def test_what_shares_a_digest_is_told_though_there_are_to_be_none_from_now_on(storm: Storm, failures: int) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(40, until=lambda: len(storm.singles) == 30)
    storm.tracker.refusals["create"] = [Unknown("no answer")] * failures
    storm.pass_time(3)
    storm.arrive(60)
    storm.pass_time(3)
    before = storm.total
    storm.limit = None
    storm.courier = storm.another_courier()
    storm.arrive(61)
    storm.pass_time(400)

    assert before == (0 if failures else 30)
    assert (len(storm.digests), storm.total) == (1, 31)
    assert storm.singles.count("1:61") == 1
    assert "It is over." in storm.digests[0].body


def test_a_digest_that_is_refused_as_all_would_be_says_what_helps_and_is_made_once_that_is_done(
    storm: Storm, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(60):
        storm.arrive(number)
    storm.pass_time(40, until=lambda: len(storm.singles) == 30)
    storm.tracker.refusals["create"] = [Refused("403 suspended", remedy="unsuspend the App")] * 2
    storm.pass_time(20)
    trouble = storm.ledger.engine.transact(lambda shelf: tuple(troubles_in(shelf)))
    storm.pass_time(300)

    refused = [record.__dict__ for record in caplog.records if record.getMessage() == "digest_not_written"]
    assert [(each["reason"], each["remedy"]) for each in refused] == [("403 suspended", "unsuspend the App")] * 2
    assert (len(storm.digests), storm.total) == (1, 30)
    assert trouble == ("403 suspended; unsuspend the App",)
    assert storm.ledger.engine.transact(lambda shelf: tuple(troubles_in(shelf))) == ()
