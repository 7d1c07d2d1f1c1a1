"""What status tells a person."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from support.damage import plant
from support.ledger_doors import Ledger
from support.operator import NOW, REASON, claim, iso, refuse, run

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Pause


def test_status_shows_what_is_owed_refused_and_paused(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    refuse(ledger, "1:1")
    claim(ledger, "1:2", at=now - 7300)
    owed = ledger.queue.take(now=now)
    assert isinstance(owed, FilingJob)
    pause = Pause(now + 3600, "GitHub limits the rate")
    ledger.queue.postpone(owed, due_at=now, attempt=None, pause=pause, now=now)

    done = run(state, "status")

    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == (
        "1 owed, 1 refused\n"
        f"paused until {iso(now + 3600)}: GitHub limits the rate, failures in a row: 1\n"
        f"owed since {iso(now - 7300)} (2 h)  1:2\n"
        f"refused 2026-11-18T11:06:40+00:00  1:1\n    {REASON}\n"
        "! GitHub refused 1: fix the cause, then: booty retry --all\n"
    )


def test_status_says_what_failed_last_while_the_next_try_is_awaited(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    claim(ledger, "1:1", at=now - 10)
    owed = ledger.queue.take(now=now - 10)
    assert isinstance(owed, FilingJob)
    pause = Pause(now - 9, "GitHub answered 503: Service Unavailable")
    ledger.queue.postpone(owed, due_at=now + 5, attempt=Attempt(now - 10), pause=pause, now=now - 10)

    done, machine = run(state, "status"), json.loads(run(state, "status", "--json").stdout)

    assert done.returncode == 0
    assert "the last call to GitHub failed: GitHub answered 503: Service Unavailable\n" in done.stdout
    assert machine["last_failure"] == "GitHub answered 503: Service Unavailable"


def test_status_shows_no_pause_that_is_over(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1")
    owed = ledger.queue.take(now=NOW)
    assert isinstance(owed, FilingJob)
    ledger.queue.postpone(owed, due_at=NOW, attempt=None, pause=Pause(NOW + 60, "GitHub limits the rate"), now=NOW)

    assert "paused" not in run(state, "status").stdout
    assert json.loads(run(state, "status", "--json").stdout)["pause"] is None


def test_status_says_loudly_that_a_candidate_files_nothing(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1")

    assert "BOOTY_CANDIDATE is set: this release FILES NOTHING\n" in run(state, "status", BOOTY_CANDIDATE="1").stdout
    assert "NOTHING" not in run(state, "status", BOOTY_CANDIDATE="off").stdout


def test_status_names_a_setting_that_is_not_known(state: Path) -> None:
    done = run(state, "status", BOOTY_PREVEIW="1")

    assert "setting BOOTY_PREVEIW is not known and does nothing; did you mean BOOTY_PREVIEW?\n" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("wrong", [1e300, -1e300, 10**30, float("nan"), float("inf")], ids=repr)
def test_status_reads_what_cannot_be_a_time(state: Path, ledger: Ledger, wrong: float) -> None:
    refuse(ledger, "1:1")
    claim(ledger, "1:2", at=time.time())

    def damaged(shelf: Shelf) -> dict[str, object]:
        return {
            "refused/1:1": shelf["refused/1:1"] | {"refused_at": wrong},
            "alert/1:2": shelf["alert/1:2"] | {"claimed_at": wrong},
            "gate": {"stopped": {"reason": "r", "remedy": "m", "since": wrong, "tries": 0, "next_at": wrong}},
        }

    records = SqliteEngine(state).transact(damaged)
    plant(state, {key.encode(): json.dumps(record).encode() for key, record in records.items()})

    done, machine = run(state, "status"), run(state, "status", "--json")

    assert (done.returncode, machine.returncode) == (3, 3)
    assert "an unknown time" in done.stdout


def test_status_steers_no_terminal(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1")
    owed = ledger.queue.take(now=NOW)
    assert isinstance(owed, FilingJob)
    ledger.queue.refuse(owed, "\x1b[2J\x9b31m\r\u202e bad\n words", attempt=None, now=NOW)
    odd = {"OBSV_\x1b[31m": "1"}

    shown = run(state, "status", **odd).stdout

    assert [char for char in shown if not char.isprintable() and char != "\n"] == []
    assert "\\x1b[2J\\x9b31m\\r\\u202e bad\\n words" in shown
    assert json.loads(run(state, "status", "--json", **odd).stdout)["owed"] == 0


def test_status_counts_what_was_handed_over_today_and_what_the_budget_held_back(state: Path, ledger: Ledger) -> None:
    assert "handed over" not in run(state, "status").stdout
    for number in (1, 2, 3):
        claim(ledger, f"1:{number}", at=time.time())
        owed = ledger.queue.take(now=time.time() + number * 100)
        assert isinstance(owed, FilingJob)
        ledger.queue.handover.grant(owed, per_day=2, now=time.time())

    assert "handed over today (UTC): 2; held back by the day's budget: 1\n" in run(state, "status").stdout
    assert json.loads(run(state, "status", "--json").stdout)["handed_over_today"] == {"granted": 2, "held_back": 1}
