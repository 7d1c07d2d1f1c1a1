"""What waits on disk while the ledger's database is away: nothing is lost, nothing is counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.alerts import alert
from support.away import AwayEngine
from support.deaths import Tell, deaths

from booty.observability.alerts.filters import History, Policy, Verdict, decide
from booty.observability.alerts.routing.destination import Destination, Told
from booty.observability.alerts.routing.route import Condition, Route
from booty.observability.alerts.routing.way import Routing
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.spool.claims import SpoolingClaims
from booty.observability.ledger.spool.emptying import Emptying
from booty.observability.ledger.spool.spool import Spool
from booty.observability.ledger.spool.standing import Spooled

NOW = 1_800_000_000.0
BACK = NOW + 3600.0
"""When the database is there again."""
POLICY = Policy(Severity.ERROR, 6 * 3600.0)
ROUTING = Routing(POLICY, "acme/shop")


class Machine:
    """A receiver whose ledger can be taken away."""

    def __init__(self, folder: Path) -> None:
        self.file = SqliteEngine(folder / "ledger")
        self.engine = AwayEngine(self.file)
        self.spool = Spool(folder / "spool")
        self.claims = SpoolingClaims(self.engine, self.spool, keep_seconds=1e6, repository="acme/shop")
        self.woken = 0
        self.emptying = Emptying(self.claims, ROUTING, on_claim=self.wake, clock=lambda: BACK)

    def wake(self) -> None:
        self.woken += 1

    def take(
        self, number: int, *, event: int = 0, now: float = NOW, to: str | None = None, told: Told | None = None
    ) -> Verdict:
        one = alert(fingerprint=f"1:{number}", event=f"{event or number:032x}")

        def judge(history: History | None) -> Verdict:
            return decide(one, POLICY, history, now)

        return self.claims.claim(one, judge, destination=Destination(repository=to, told=told or {}), now=now)

    def record(self, name: str) -> dict[str, object]:
        return self.file.transact(lambda shelf: dict(shelf.get(f"alert/{name}", {})))

    def owed(self) -> list[str]:
        return self.file.transact(lambda shelf: [key.removeprefix("owed/") for key in shelf.under("owed/")])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_waited_is_claimed_at_its_own_time_of_receipt(machine: Machine) -> None:
    machine.engine.is_away = True
    assert machine.take(1) is Verdict.ACCEPTED
    assert machine.spool.standing() == Spooled(1, NOW)
    machine.engine.is_away = False

    assert machine.emptying.step() == 1
    assert machine.record("1:1")["claimed_at"] == NOW
    assert (machine.owed(), machine.spool.standing(), machine.woken) == (["1:1"], Spooled(), 1)


def test_what_came_while_the_clock_was_ahead_came_no_later_than_now(machine: Machine) -> None:
    machine.engine.is_away = True
    machine.take(1, now=BACK + 365 * 86400.0)
    machine.engine.is_away = False

    assert machine.emptying.step() == 1
    assert {machine.record("1:1")[when] for when in ("claimed_at", "first_seen", "last_seen")} == {BACK}


def test_nothing_is_made_on_disk_while_the_database_is_there(machine: Machine, tmp_path: Path) -> None:
    machine.take(1)

    assert machine.emptying.step() == 0
    assert machine.claims.check(now=NOW).spool == Spooled()
    assert not (tmp_path / "spool").exists()


def test_what_cannot_be_claimed_yet_waits_on(machine: Machine) -> None:
    machine.engine.is_away = True
    machine.take(1)

    with pytest.raises(NotStored):
        machine.emptying.step()
    assert machine.spool.standing().count == 1


def test_a_claim_that_was_cut_off_but_stored_counts_once(machine: Machine) -> None:
    machine.take(9)  # the ledger has its home, and the journal its numbers
    machine.engine.is_cut_off = True
    assert machine.take(1) is Verdict.ACCEPTED
    machine.engine.is_cut_off = False

    assert machine.emptying.step() == 1
    assert (machine.record("1:1")["count"], machine.owed()) == (1, ["1:1", "1:9"])


def test_what_waited_is_filed_where_its_route_said(machine: Machine) -> None:
    machine.take(9)
    machine.engine.is_away = True
    machine.take(1, to="Acme/Tools")
    machine.engine.is_away = False
    machine.emptying.step()

    assert machine.owed() == ["1:1@acme:tools", "1:9"]
    job = machine.file.transact(lambda shelf: shelf["owed/1:1@acme:tools"])
    assert job["destination"]["repository"] == "Acme/Tools"


@pytest.mark.parametrize(
    ("told", "owed"),
    [
        ({"cooldown_hours": 1.0}, True),
        ({"cooldown_hours": 0}, True),
        ({"cooldown_hours": 9.0}, False),
        ({"route": 3}, False),  # the settings' six hours
        ({}, False),
    ],
)
def test_what_waited_cools_down_as_its_route_said_whoever_signed_it(
    machine: Machine, told: dict[str, object], *, owed: bool
) -> None:
    routes = (Route(conditions=(Condition("organization", ("other",)),)), Route(cooldown_hours=0.1))
    emptying = Emptying(machine.claims, Routing(POLICY, "acme/shop", routes), on_claim=machine.wake, clock=lambda: BACK)
    machine.take(1)
    machine.file.transact(lambda shelf: shelf.update({"alert/1:1": shelf["alert/1:1"] | {"state": "filed"}}))
    machine.engine.is_away = True
    machine.take(1, event=2, now=NOW + 2 * 3600, told=told)
    machine.engine.is_away = False
    emptying.step()

    assert (machine.record("1:1")["state"] == "owed") is owed
    assert machine.record("1:1")["count"] == 2


def test_what_an_older_release_kept_is_routed_by_what_it_says_itself(machine: Machine) -> None:
    routes = (Route(conditions=(Condition("project", ("shop",)),), cooldown_hours=1.0),)
    emptying = Emptying(machine.claims, Routing(POLICY, "acme/shop", routes), on_claim=machine.wake, clock=lambda: BACK)
    machine.take(1)
    machine.file.transact(lambda shelf: shelf.update({"alert/1:1": shelf["alert/1:1"] | {"state": "filed"}}))
    kept = alert(fingerprint="1:1", event="2" * 32).record()
    machine.spool.keep({"alert": kept, "received_at": NOW + 2 * 3600}, now=NOW)
    emptying.step()

    assert machine.record("1:1")["state"] == "owed"


@pytest.mark.parametrize(
    ("back", "first_seen", "last_seen"), [(60.0, NOW - 60.0, NOW), (2 * 86400.0, NOW, NOW - 2 * 86400.0)]
)
def test_what_waited_while_another_machine_went_on_is_the_first_that_was_seen_and_not_the_last(
    machine: Machine, back: float, first_seen: float, last_seen: float
) -> None:
    machine.engine.is_away = True
    machine.take(1, now=NOW - back)
    machine.engine.is_away = False
    machine.take(1, event=2, now=NOW)
    machine.emptying.step()

    assert machine.record("1:1")["count"] == 2
    seen = machine.record("1:1")["first_seen"], machine.record("1:1")["last_seen"]
    assert seen == (first_seen, last_seen)  # a step of more than a day is a clock that was wrong


def test_a_change_waits_behind_the_alert_that_it_is_about(machine: Machine) -> None:
    machine.engine.is_away = True
    machine.take(1)
    machine.engine.is_away = False
    change = StatusChange(fingerprint="1:1", change="resolved", key="a" * 32)

    assert machine.claims.record_status_change(change, now=NOW + 1)
    assert machine.spool.standing().count == 2
    machine.emptying.step()
    assert machine.record("1:1")["resolved_at"] == NOW + 1


def test_the_disk_has_to_do_while_the_database_is_away(machine: Machine) -> None:
    machine.engine.is_away = True

    assert machine.claims.check(now=NOW).spool == Spooled(is_away=True)
    machine.take(1)
    assert machine.claims.check(now=NOW + 5).spool == Spooled(1, NOW, is_away=True)


def test_a_disk_that_cannot_take_an_alert_either_is_told(machine: Machine, tmp_path: Path) -> None:
    machine.engine.is_away = True
    (tmp_path / "spool").write_text("a file where the folder should be")

    with pytest.raises(NotStored):
        machine.take(1)
    with pytest.raises(NotStored):
        machine.claims.check(now=NOW)


def test_a_record_that_cannot_be_read_is_kept_aside_and_holds_nothing_up(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.spool.keep({"alert": {"secret": "words"}, "received_at": NOW}, now=NOW - 1)
    machine.spool.keep({"of a newer release": 1}, now=NOW - 1)
    machine.engine.is_away = True
    machine.take(1)
    machine.engine.is_away = False

    assert machine.emptying.step() == 3
    assert machine.owed() == ["1:1"]
    assert machine.spool.standing() == Spooled()
    assert [record.message for record in caplog.records if record.message != "alert_spooled"] == [
        "record_unreadable"
    ] * 2
    assert "words" not in caplog.text


def test_killed_between_any_two_steps_what_waited_is_claimed_once(machine: Machine, tmp_path: Path) -> None:
    def serve(number: int, tell: Tell) -> None:
        own = Machine(tmp_path)
        own.engine.is_away = True
        own.take(number)
        tell("accepted")
        own.engine.is_away = False
        own.emptying.step()

    accepted = set()
    for number, told in deaths(serve, inside="/ledger/spool/"):
        accepted |= {f"1:{number}"} if told else set()
    machine.emptying.step()

    assert set(machine.owed()) >= accepted
    assert {machine.record(name)["count"] for name in machine.owed()} == {1}
    assert len(accepted) > 1
