"""The ledger: what is claimed, owed, leased, settled, refused, forgotten; with real processes where they race."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from
from support.damage import plant, raw
from support.ledger_doors import Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef
from booty.observability.alerts.problem import SentryCount
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.claims import MOST_QUIET
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.sentry_counts import counted_by_sentry
from booty.observability.ledger.schedule.gate import LEASE_SECONDS
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Idle, Pause, StatusJob
from booty.observability.sentry.glance import Glance

FORK = multiprocessing.get_context("fork")
NOW = 1_800_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR
POLICY = Policy(Severity.ERROR, 6 * HOUR)


def ledger(directory: Path) -> Ledger:
    return Ledger(directory)


def alert(fingerprint: str = "1:1", event: str = "a") -> Alert:
    return Alert(fingerprint=fingerprint, event=event, severity=Severity.ERROR)


def claim(of: Ledger, one: Alert, now: float = NOW) -> Verdict:
    return of.claims.claim(one, lambda history: decide(one, POLICY, history, now), now=now)


def lease(of: Ledger, now: float = NOW) -> FilingJob:
    job = of.queue.lease(now=now)
    assert isinstance(job, FilingJob)
    return job


def file(of: Ledger, one: Alert, now: float = NOW) -> None:
    claim(of, one, now)
    of.queue.settle(lease(of, now), IssueRef(7, "https://github.com/acme/shop/issues/7"), now=now)


def test_an_accepted_alert_is_owed_and_leased_with_all_it_holds(tmp_path: Path) -> None:
    one = Alert(fingerprint="1:1", event="a", severity=Severity.FATAL, title="ü", message="x" * 4000)

    assert claim(ledger(tmp_path), one) is Verdict.ACCEPTED
    assert lease(ledger(tmp_path)).alert == one


def test_a_second_claim_cools_down_from_the_first_one_on(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())

    assert claim(of, alert(event="b"), NOW + 6 * HOUR - 1) is Verdict.COOLDOWN
    assert claim(of, alert(event="c"), NOW + 6 * HOUR) is Verdict.ACCEPTED


def test_alerts_of_storms_are_not_read_as_a_whole_also_when_no_more_of_them_can_be_remembered(tmp_path: Path) -> None:
    of, read = ledger(tmp_path), list[str]()

    def whole(glance: Glance) -> Alert:
        read.append(glance.fingerprint)
        return alert(glance.fingerprint)

    def claim_all() -> None:
        for number in range(MOST_QUIET):
            glance = Glance(f"1:{number}", "a", Severity.ERROR, read_whole=whole)
            of.claims.claim(glance, lambda history: decide(alert(), POLICY, history, NOW), now=NOW)

    claim_all()
    claim_all()
    read.clear()
    claim_all()

    assert read == []


def test_nothing_else_is_claimed_while_the_first_claim_is_owed(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())

    assert claim(of, alert(event="b"), NOW + 10 * DAY) is Verdict.COOLDOWN


def claim_at_once(directory: Path, barrier: Barrier, fingerprint: str) -> None:
    of = ledger(directory)
    barrier.wait()
    raise SystemExit(claim(of, alert(fingerprint)) is Verdict.ACCEPTED)


@pytest.mark.parametrize("fingerprint", ["1:1", "metric:4:5"])
def test_one_of_many_simultaneous_claims_is_accepted(tmp_path: Path, fingerprint: str) -> None:
    barrier = FORK.Barrier(8)
    claimants = [FORK.Process(target=claim_at_once, args=(tmp_path, barrier, fingerprint)) for _ in range(8)]
    for process in claimants:
        process.start()
    for process in claimants:
        process.join()

    assert sorted(process.exitcode or 0 for process in claimants) == [0] * 7 + [1]


def test_leased_work_has_one_holder(tmp_path: Path) -> None:
    claim(ledger(tmp_path), alert())
    lease(ledger(tmp_path))

    assert ledger(tmp_path).queue.lease(now=NOW) == Idle(NOW + LEASE_SECONDS, is_closed=True)


def test_a_dead_holders_work_is_taken_over_as_a_post_of_unknown_outcome(tmp_path: Path) -> None:
    claim(ledger(tmp_path), alert())
    assert lease(ledger(tmp_path)).attempt is None

    assert lease(ledger(tmp_path), NOW + LEASE_SECONDS).attempt == Attempt(NOW, 0)


def test_a_holder_that_outlived_its_lease_can_report_the_issue_but_not_postpone(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    late = lease(of)
    second = lease(of, NOW + LEASE_SECONDS)

    of.queue.postpone(late, due_at=NOW, attempt=None, now=NOW + LEASE_SECONDS)
    assert of.owed == 1
    of.queue.settle(late, IssueRef(7, ""), now=NOW + LEASE_SECONDS)
    assert of.owed == 0
    of.queue.settle(second, IssueRef(8, ""), now=NOW + LEASE_SECONDS + 1)
    assert of.owed == 0


def test_a_holder_that_comes_back_after_a_later_alert_does_not_settle_that_one(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    late = lease(of)
    of.queue.settle(lease(of, NOW + LEASE_SECONDS), IssueRef(7, ""), now=NOW + LEASE_SECONDS)
    claim(of, alert(event="b"), NOW + 7 * HOUR)

    of.queue.settle(late, IssueRef(7, ""), now=NOW + 7 * HOUR)

    assert of.owed == 1


def test_a_problem_that_sentry_created_files_nothing_but_is_remembered(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    seen = datetime.fromtimestamp(NOW - DAY, UTC)

    assert not of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="created", key="k", last_seen=seen), now=NOW
    )
    assert of.owed == 0
    assert claim(of, alert()) is Verdict.ACCEPTED
    assert lease(of).problem.first_seen == NOW - DAY


def test_what_sentry_counted_is_kept_for_the_issue_and_the_newest_counts(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    seen = [datetime.fromtimestamp(NOW + offset, UTC) for offset in (0, HOUR)]
    of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="created", key="k", last_seen=seen[0], events=2, users=1), now=NOW
    )
    claim(of, alert())
    job = lease(of)
    of.queue.settle(job, IssueRef(7, ""), now=NOW)
    of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="r", last_seen=seen[1], events=1_234), now=NOW
    )
    told = of.queue.lease(now=NOW + SPACING_SECONDS)

    assert job.problem.sentry == SentryCount(events=2, users=1, at=NOW)
    assert isinstance(told, StatusJob)
    assert told.problem.sentry == SentryCount(events=1_234, users=None, at=NOW + HOUR)


def test_counts_are_kept_of_a_change_that_is_not_new_too_but_none_that_are_older(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())

    assert not of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="created", key="c", events=12, users=3), now=NOW
    )
    assert not of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="created", key="d", events=2, users=1), now=NOW
    )
    of.claims.record_status_change(StatusChange(fingerprint="1:1", change="muted", key="m", events=9), now=NOW)
    told = of.queue.lease(now=NOW + SPACING_SECONDS)
    assert isinstance(told, StatusJob)
    assert told.problem.sentry == SentryCount(events=12, users=3, at=None)


@pytest.mark.parametrize("odd", [None, 7, {"events": "9"}, {"users": 3}, {"events": 3, "users": "x", "at": []}])
def test_counts_of_another_shape_count_as_missing(odd: object) -> None:
    known = counted_by_sentry({"sentry": odd})

    assert known is None or known == SentryCount(events=3, users=None, at=None)


def test_that_a_problem_was_created_is_not_owed_to_its_issue_and_undoes_nothing(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    of.claims.record_status_change(StatusChange(fingerprint="1:1", change="resolved", key="r"), now=NOW)

    assert not of.claims.record_status_change(StatusChange(fingerprint="1:1", change="created", key="c"), now=NOW)
    job = of.queue.lease(now=NOW + SPACING_SECONDS)
    assert isinstance(job, StatusJob)
    assert job.change.change == "resolved"


def test_a_change_of_a_problem_whose_issue_is_still_owed_waits_for_the_issue(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())

    assert of.claims.record_status_change(StatusChange(fingerprint="1:1", change="resolved", key="r"), now=NOW)
    assert not of.claims.record_status_change(StatusChange(fingerprint="1:1", change="resolved", key="r"), now=NOW)
    of.queue.settle(lease(of), IssueRef(7, "https://github.com/acme/shop/issues/7"), now=NOW)
    told = of.queue.lease(now=NOW + SPACING_SECONDS)
    assert isinstance(told, StatusJob)
    assert (told.change.change, told.problem.issue) == ("resolved", 7)
    of.queue.settle(told, None, now=NOW + SPACING_SECONDS)
    assert of.owed == 0


def test_the_replay_of_a_change_from_before_the_issue_changes_nothing(tmp_path: Path) -> None:
    of, change = ledger(tmp_path), StatusChange(fingerprint="1:1", change="resolved", key="k")

    assert not of.claims.record_status_change(change, now=NOW)
    file(of, alert())
    assert not of.claims.record_status_change(change, now=NOW + 60)
    assert of.claims.record_status_change(change.model_copy(update={"key": "l"}), now=NOW + 60)


def test_a_change_that_is_older_than_an_alert_is_passed_over(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    one = alert().model_copy(update={"occurred_at": datetime.fromtimestamp(NOW, UTC)})
    file(of, one)
    old, new = (datetime.fromtimestamp(NOW + offset, UTC) for offset in (-HOUR, -60.0))

    assert not of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="a", last_seen=old), now=NOW
    )
    assert of.claims.record_status_change(
        StatusChange(fingerprint="1:1", change="resolved", key="b", last_seen=new), now=NOW
    )


def test_the_next_work_begins_a_second_after_the_last(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert("1:1"))
    claim(of, alert("1:2"))
    of.queue.settle(lease(of), IssueRef(7, ""), now=NOW + 0.3)

    assert of.queue.lease(now=NOW + 0.4) == Idle(NOW + 0.3 + SPACING_SECONDS, is_closed=True)
    assert lease(of, NOW + 0.3 + SPACING_SECONDS).alert.fingerprint == "1:2"


def test_work_is_done_in_the_order_of_its_claims(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    for number in range(3):
        claim(of, alert(f"1:{number}"), NOW + number)

    done = []
    for number in range(3):
        job = lease(of, NOW + 10 * number + 10)
        of.queue.settle(job, IssueRef(number + 1, ""), now=NOW + 10 * number + 10)
        done.append(job.alert.fingerprint)
    assert done == ["1:0", "1:1", "1:2"]


def test_a_pause_holds_for_every_worker_and_counts_the_failures(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.postpone(lease(of), due_at=NOW, attempt=None, pause=Pause(NOW + 60, "rate limit"), now=NOW)

    assert ledger(tmp_path).queue.lease(now=NOW + 59) == Idle(NOW + 60, is_closed=True)
    assert lease(ledger(tmp_path), NOW + 60).failures == 1


def test_a_pause_written_under_a_wrong_clock_does_not_stop_deliveries_for_ever(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.postpone(lease(of), due_at=NOW, attempt=None, pause=Pause(NOW + 10, "503"), now=NOW)

    assert isinstance(of.queue.lease(now=NOW - 365 * DAY), FilingJob)


def test_a_refused_alert_is_kept_with_its_reason_until_it_is_retried(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.refuse(lease(of), "GitHub answered 403: no", attempt=Attempt(NOW, 1), now=NOW)

    letters = of.refused
    assert [(letter.fingerprint, letter.reason, letter.refused_at) for letter in letters] == [
        ("1:1", "GitHub answered 403: no", NOW)
    ]
    assert isinstance(of.queue.lease(now=NOW + DAY), Idle)
    assert of.inspection.retry("1:1", now=NOW + DAY)
    assert lease(of, NOW + DAY).attempt == Attempt(NOW, 1)
    assert not of.inspection.retry("1:1", now=NOW + DAY)


def test_a_later_alert_takes_the_place_of_a_refused_one(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.refuse(lease(of), "422", attempt=None, now=NOW)
    file(of, alert(event="b"), NOW + 7 * HOUR)

    assert of.refused == ()


def test_a_settled_alert_is_forgotten_after_its_use(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    file(of, alert())

    assert of.queue.forget(now=NOW + 30 * DAY) == 0
    assert of.queue.forget(now=NOW + 30 * DAY + 1) == 1
    assert store.transact(lambda shelf: [key for key in shelf if "1:1" in key]) == []


def test_an_alert_that_came_back_is_not_forgotten(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    file(of, alert(event="b"), NOW + 20 * DAY)

    of.queue.forget(now=NOW + 31 * DAY)
    assert claim(of, alert(event="c"), NOW + 20 * DAY + HOUR) is Verdict.COOLDOWN


def test_a_stored_alert_that_cannot_be_read_is_kept_and_holds_nobody_up(tmp_path: Path) -> None:
    store = SqliteEngine(tmp_path)
    of = Ledger(store.directory, engine=store)
    claim(of, alert("1:1"))
    claim(of, alert("1:2"), NOW + 1)
    store.transact(lambda shelf: shelf.update({"owed/1:1": shelf["owed/1:1"] | {"alert": {"severity": 7}}}))

    assert lease(of, NOW + 2).alert.fingerprint == "1:2"
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
    assert lease(of, NOW + 2).alert.fingerprint == "1:3"
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
    assert of.queue.lease(now=NOW + HOUR) == Idle(None)
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
        return alert(fingerprint, event).model_copy(update={"release": "shop@1"})

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
        leased = [one.queue.lease(now=later + 40 * at) for at in range(4)]
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

    assert isinstance(of.queue.lease(now=NOW + 1), Idle)
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
        job = self.of.queue.lease(now=self.now)
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
