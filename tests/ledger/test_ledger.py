"""The ledger: what is claimed, owed, leased, settled, refused, forgotten; with real processes where they race."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from
from support.damage import plant, raw
from support.ledger_doors import Ledger
from support.ledger_steps import DAY, HOUR, NOW, alert, claim, file, lease, ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Idle


def test_a_stored_alert_that_cannot_be_read_is_kept_and_holds_nobody_up(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    claim(of, alert("1:1"))
    claim(of, alert("1:2"), NOW + 1)
    store.transact(lambda shelf: shelf.update({"owed/1:1": shelf["owed/1:1"] | {"alert": {"severity": 7}}}))

    assert lease(of, NOW + 2).alert.fingerprint == "1:2"
    assert isinstance(of.queue.take(now=NOW + 40), FilingJob)
    assert [letter.reason for letter in of.refused] == ["the stored alert cannot be read"]


@pytest.mark.parametrize(
    "damaged",
    [b"\xff", b"[" * 9000, b"null", b"[7]", b"7", b"{}", b'{"due":null,"claimed_at":"x","count":[],"told":7,"at":{}}'],
)
def test_damaged_records_hold_up_neither_claims_nor_deliveries(tmp_path: Path, damaged: bytes) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    file(of, alert("1:1"))
    claim(of, alert("1:2"), NOW + 1)
    keys = ("gate", "alert/1:1", "alert/1:3", "owed/1:2", "refused/1:4", "forget/000000000000001/1:5")
    queued = ("due/000000000000001/1:2", "due/000000000000002/1:6")
    plant(tmp_path, {key.encode(): damaged for key in (*keys, *queued)})

    assert claim(of, alert("1:3"), NOW + 2) is Verdict.ACCEPTED
    of.queue.settle(lease(of, NOW + 2), IssueRef(7, ""), now=NOW + 2)
    assert isinstance(of.queue.take(now=NOW + 3), Idle)
    of.queue.forget(now=NOW + 2)
    assert {letter.fingerprint for letter in of.refused} == {"1:2", "1:4"}
    assert of.inspection.retry("1:4", now=NOW + 3)
    assert not of.inspection.retry("1:9", now=NOW + 3)


DAMAGED_KEYS = (
    b"due/000000000000001",
    b"due/",
    b"due//",
    b"due/000000000000001/",
    b"due/soon/1:1",
    b"due/-00000000000001/1:1",
    b"due/0000\xff0000000001/1:1",
    "due/\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661/1:1".encode(),
    b"due/000000000000001/\xff\xfe",
    b"due/000000000000001/\x00/\x1b[2J",
)


@pytest.mark.parametrize("key", DAMAGED_KEYS, ids=ascii)
def test_a_damaged_key_is_taken_out_of_the_queue_and_holds_nobody_up(tmp_path: Path, key: bytes) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    plant(tmp_path, {key: b"1"})

    file(of, alert("1:2"))
    assert of.queue.take(now=NOW + HOUR) == Idle(None)
    assert key not in raw(tmp_path)


def test_work_whose_place_in_the_queue_was_damaged_is_put_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    claim(of, alert("1:2"))

    def damage(shelf: Shelf) -> None:
        [key] = shelf.under("due/")
        del shelf[key]
        shelf[key.rpartition("/")[0]] = 1

    store.transact(damage)

    assert lease(of).alert.fingerprint == "1:2"
    assert [record.message for record in caplog.records] == ["queue_key_damaged"]


PREFIXES = [
    *(b"owed/", b"refused/", b"forget/", b"forget/1", b"issue/", b"alert/", b"due/", b"events/", b"alias/", b"release/")
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("rest", [b"", b"/", b"\xff", b"000000000000001", b"x/y/z", b"\x00"], ids=ascii)
@pytest.mark.parametrize("value", [b"\xff", b"1", b"{}", b'"x"', b'{"count":1e999,"claimed_at":NaN,"issue":"x"}'])
def test_no_damaged_key_holds_up_claims_or_deliveries(tmp_path: Path, prefix: bytes, rest: bytes, value: bytes) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    plant(tmp_path, {prefix + rest: value})

    file(of, alert("1:2"))
    of.queue.forget(now=NOW + 1)
    of.inspection.look(now=NOW + 1)
    assert claim(of, alert("1:3"), NOW + 2) is Verdict.ACCEPTED
    assert lease(of, NOW + 3).alert.fingerprint == "1:3"


ODD = (
    *(b"\xff", b"1", b"[]", b"{}", b'"x"', b"null"),
    b'{"alert":7,"due":7,"lease":[],"releases":{"a":[]},"told":{"count":[]}}',
)


@pytest.mark.parametrize("value", ODD)
def test_whatever_is_damaged_claims_and_deliveries_go_on(tmp_path: Path, value: bytes) -> None:
    def named(fingerprint: str, event: str) -> Alert:
        return alert(fingerprint, event).but(release="shop@1")

    store = SqliteEngine(tmp_path / "whole")
    of = Ledger(store.directory, engine=store)
    file(of, named("1:1", "a"))
    claim(of, named("1:2", "b"), NOW + 2)
    whole = raw(tmp_path / "whole")

    for number, key in enumerate(whole):
        plant(tmp_path / str(number), whole | {key: value})
        one, later = ledger(tmp_path / str(number)), NOW + 7 * HOUR

        claim(one, named("1:1", "c"), later)
        assert claim(one, named("1:3", "d"), later) is Verdict.ACCEPTED, key
        leased = [one.queue.take(now=later + 40 * at) for at in range(4)]
        one.queue.forget(now=NOW + 60 * DAY)
        one.inspection.look(now=later)
        assert "1:3" in [each.alert.fingerprint for each in leased if isinstance(each, FilingJob)], key


def test_the_log_of_a_record_that_cannot_be_read_holds_nothing_of_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    claim(of, alert("1:1"))
    broken = {"alert": {"title": "stored words", "severity": "stored level", "raised": "stored chain"}}
    store.transact(lambda shelf: shelf.update({"owed/1:1": shelf["owed/1:1"] | broken}))

    assert isinstance(of.queue.take(now=NOW + 1), Idle)
    [record] = caplog.records
    assert record.exc_info is None
    assert record.__dict__["fields"] == ["fingerprint", "event", "severity", "raised"]
    assert "stored" not in str(record.__dict__)


def test_records_of_another_release_are_read(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    claim(of, alert())
    newer = {"alert": {"fingerprint": "1:1", "event": "a", "severity": "error", "mood": "new"}, "novelty": 1}
    store.transact(lambda shelf: shelf.update({"owed/1:1": newer | {"due": shelf["owed/1:1"]["due"]}}))

    assert lease(of).alert == alert()


class Problem(RuleBasedStateMachine):
    """Any order of claims, deliveries, deaths and retries: each accepted alert ends in one issue or one dead letter."""

    directory: Path

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.of = ledger(self.directory / f"{id(self)}-{len(list(self.directory.iterdir()))}")
        self.accepted = 0
        self.ended = 0
        self.held: FilingJob | None = None

    @rule(seconds=sampled_from([0.5, 2.0, 31.0, 7 * HOUR]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(number=integers(1, 4))
    def an_alert_comes(self, number: int) -> None:
        self.accepted += claim(self.of, alert(f"1:{number}", event=str(self.now)), self.now) is Verdict.ACCEPTED

    @rule()
    def somebody_leases(self) -> None:
        job = self.of.queue.take(now=self.now)
        self.held = job if isinstance(job, FilingJob) else self.held

    @rule()
    def the_holder_files(self) -> None:
        before = self.of.owed
        if self.held is not None:
            self.of.queue.settle(self.held, IssueRef(1, ""), now=self.now)
            self.ended += before - self.of.owed
            self.held = None

    @rule()
    def the_holder_gives_it_back(self) -> None:
        if self.held is not None:
            self.of.queue.postpone(self.held, due_at=self.now + 15, attempt=Attempt(self.now), now=self.now)
            self.held = None

    @rule()
    def the_holder_dies(self) -> None:
        self.held = None

    @rule()
    def the_ledger_forgets(self) -> None:
        self.of.queue.forget(now=self.now)

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.of.owed + self.ended == self.accepted


def test_whatever_happens_in_any_order_no_accepted_alert_is_lost(tmp_path: Path) -> None:
    machine = type("LifeHere", (Problem,), {"directory": tmp_path})
    few = settings(max_examples=15, stateful_step_count=20, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=few)
