"""`booty log` shows what was decided."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.alerts import alert
from support.ledger_doors import Ledger
from support.operator import ROOT, Done, claim, environ_of, iso, refuse, run
from support.other_user import NOBODY, nobodys_directory

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.engines.reading import acting_as_owner


def rows(done: Done) -> list[dict[str, object]]:
    """Return what the command tells a machine."""
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def busy(state: Path, ledger: Ledger) -> Path:
    """Return the directory of a ledger in which much was decided; the first of it two days ago."""
    now = float(int(time.time()))
    refuse(ledger, "1:1", at=now - 48 * 3600)
    claim(ledger, "1:2", at=now - 600)
    ledger.claims.claim(alert(fingerprint="1:2", event="b"), lambda _: Verdict.COOLDOWN, now=now - 500)
    below = alert(fingerprint="2:3", project="api", severity=Severity.INFO)
    ledger.claims.note(below, Verdict.BELOW_SEVERITY, threshold="error", now=now - 400)
    ledger.claims.turned_away.count("unsigned")
    ledger.claims.turned_away.flush()
    return state


def test_a_line_says_when_what_why_and_what_became_of_it(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    refuse(ledger, "1:1", at=now - 60)

    done = run(state, "log")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"{iso(now - 60)} (1 min ago)  1:1  accepted -> refused by GitHub: "
        "410 Issues has been disabled in this repository.  error  shop\n"
    )


def test_the_last_day_is_shown_unless_it_is_asked_for_more(busy: Path) -> None:
    assert [row["verdict"] for row in rows(run(busy, "log", "--json"))] == [
        "accepted",
        "cooldown",
        "below_severity",
        "turned_away",
    ]
    assert len(rows(run(busy, "log", "--json", "--since", "7d"))) == 5
    assert [row["verdict"] for row in rows(run(busy, "log", "--json", "--since", "8min"))] == [
        "below_severity",
        "turned_away",
    ]
    assert len(rows(run(busy, "log", "--json", "--since", iso(time.time() - 3 * 86400)))) == 5


@pytest.mark.parametrize(
    ("reason", "number"),
    [("below_severity", 1), ("cooldown", 1), ("accepted", 2), ("refused", 1), ("unsigned", 1), ("filed", 0)],
)
def test_a_reason_is_a_verdict_or_an_outcome(busy: Path, reason: str, number: int) -> None:
    assert len(rows(run(busy, "log", "--json", "--since", "7d", "--reason", reason))) == number


@pytest.mark.parametrize(("project", "number"), [("shop", 3), ("1", 3), ("api", 1), ("2", 1), ("none", 0)])
def test_a_project_goes_by_its_slug_or_its_number(busy: Path, project: str, number: int) -> None:
    assert len(rows(run(busy, "log", "--json", "--since", "7d", "--project", project))) == number


@pytest.mark.parametrize("since", ["yesterday", "", "7", "7x", "-1h", "99999-01-01"])
def test_a_time_that_makes_no_sense_is_wrong_usage(state: Path, since: str) -> None:
    assert run(state, "log", "--since", since).returncode == 2


def test_it_makes_nothing_where_there_is_no_ledger(state: Path) -> None:
    done = run(state, "log")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not state.exists()


def test_it_follows_what_comes_and_ends_with_its_reader(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1", at=time.time())
    with subprocess.Popen(
        [sys.executable, "-m", "booty", "log", "--follow", "--json"],
        cwd=ROOT,
        env=environ_of(state),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        seen = [json.loads(following.stdout.readline())]
        refuse(ledger, "1:2", at=float(int(time.time()) + 60))
        seen += [json.loads(following.stdout.readline())]
        following.stdout.close()  # nothing comes any more, that it could fail to show
        said = following.stderr.read()
        following.wait(30)

    assert [row["fingerprint"] for row in seen] == ["1:1", "1:2"] or seen[1]["became"]
    assert (following.returncode, said) == (0, "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may act as others")
@pytest.mark.parametrize("command", [["log"], ["why", "1:1"]])
def test_root_looks_as_the_ledgers_owner_and_leaves_no_file(command: list[str]) -> None:
    with nobodys_directory() as state:
        with acting_as_owner(state):
            service = Ledger(state)  # which has it open meanwhile
            claim(service, "1:1", at=time.time())
        before = sorted(path.name for path in state.iterdir())

        done = run(state, *command)
        service.engine.transact(lambda shelf: shelf.get("journal"))

        assert (done.returncode, done.stderr) == (0, "")
        assert "1:1" in done.stdout
        assert sorted(path.name for path in state.iterdir()) == before
        assert {path.stat().st_uid for path in state.iterdir()} == {NOBODY}
