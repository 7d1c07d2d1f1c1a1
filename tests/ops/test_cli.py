"""The operator's commands, run as an operator runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.ledger_doors import Ledger
from support.operator import NOW, ROOT, claim, environ_of, iso, refuse, run
from support.other_user import NOBODY, nobodys_directory

from booty.observability.ledger.engines.reading import acting_as_owner
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.jobs import FilingJob, Pause


def test_status_says_why_all_deliveries_are_stopped_and_retry_asks_at_once(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    claim(ledger, "1:1", at=now)
    owed = ledger.queue.take(now=now)
    assert isinstance(owed, FilingJob)
    ledger.queue.stop(owed, "401 Bad credentials", "set a new GITHUB_TOKEN", attempt=None, now=now)

    stopped, machine = run(state, "status"), json.loads(run(state, "status", "--json").stdout)
    retried = run(state, "retry", "--all")

    assert stopped.returncode == 3
    trouble = f"deliveries are stopped since {iso(now)}: 401 Bad credentials; set a new GITHUB_TOKEN"
    assert f"! {trouble}\n" in stopped.stdout
    assert machine["needs_person"] == [trouble]
    assert {name: machine["stopped"][name] for name in ("since", "reason", "tries")} == {
        "since": iso(now),
        "reason": "401 Bad credentials",
        "tries": 0,
    }
    assert (retried.returncode, retried.stdout) == (0, "0 owed once more; GitHub is asked at once\n")
    assert isinstance(ledger.queue.take(now=now + 5), FilingJob)


def test_retry_ends_a_pause(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    claim(ledger, "1:1", at=now)
    owed = ledger.queue.take(now=now)
    assert isinstance(owed, FilingJob)
    ledger.queue.postpone(owed, due_at=now, attempt=None, pause=Pause(now + 3600, "GitHub limits the rate"), now=now)

    run(state, "retry", "--all")

    assert "paused" not in run(state, "status").stdout
    assert isinstance(ledger.queue.take(now=now + 5), FilingJob)


def test_status_needs_no_settings_but_the_directory(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1", at=time.time())

    done = run(state, "status", SENTRY_WEBHOOK_SECRET="", TARGET_REPO_URL="?", GITHUB_TOKEN="", PORT="no")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 owed, 0 refused\n")


def test_status_makes_nothing_where_there_is_no_ledger(state: Path) -> None:
    done = run(state, "status")

    assert (done.returncode, done.stdout) == (0, f"0 owed, 0 refused\nno ledger yet in {state}\n")
    assert not state.exists()


def listing(state: Path) -> dict[str, tuple[int, int, int]]:
    """Return what is in a directory, and whose it is."""
    return {path.name: (path.stat().st_size, path.stat().st_mtime_ns, path.stat().st_uid) for path in state.iterdir()}


CLAIM = """
import os, sys
sys.path[:0] = ["tests", "."]
from pathlib import Path
from support.ledger_doors import Ledger
from support.operator import claim
claim(Ledger(Path(sys.argv[1])), "1:1")
sys.stdout.write("claimed\\n")
sys.stdout.flush()
if sys.argv[2] == "dies":
    os._exit(1)
if sys.argv[2] == "stays":
    sys.stdin.read()
"""


@pytest.mark.parametrize("end", ["stays", "goes", "dies"])
def test_status_changes_no_file_whether_the_service_runs_ended_or_was_killed(state: Path, end: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CLAIM, state, end], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == "claimed\n"
        if end != "stays":
            service.wait(30)
        before = listing(state)

        done = run(state, "status")

        after = listing(state)
        service.communicate("")
    assert done.stdout.startswith("1 owed, 0 refused\n")
    assert set(after) == set(before)
    assert {name: seen for name, seen in after.items() if not name.endswith("-shm")} == {
        name: seen for name, seen in before.items() if not name.endswith("-shm")
    }
    assert SqliteEngine(state).transact(lambda shelf: "owed/1:1" in shelf)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may act as others")
@pytest.mark.parametrize("command", [["status"], ["retry", "--all"], ["retry", "1:1"]])
def test_root_leaves_no_file_that_the_services_user_could_not_open(command: list[str]) -> None:
    with nobodys_directory() as state:
        with acting_as_owner(state):
            refuse(Ledger(state, keep_seconds=1.0), "1:1")
        (state / "ledger.lock").unlink()

        done = run(state, *command)

        assert done.returncode == {"status": 3, "retry": 0}[command[0]]
        assert {uid for _, _, uid in listing(state).values()} == {NOBODY}
        assert os.geteuid() == 0


@pytest.mark.parametrize("command", [["retry", "--all"], ["retry", "1:1"], ["status", "--json"]])
def test_no_command_makes_a_ledger(state: Path, command: list[str]) -> None:
    run(state, *command)

    assert not state.exists()


def test_it_runs_as_a_module(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1", at=time.time())

    done = subprocess.run(
        [sys.executable, "-m", "booty", "status"], cwd=ROOT, env=environ_of(state), capture_output=True, check=True
    )

    assert done.stdout.startswith(b"1 owed, 0 refused\n")
    assert done.stderr == b""


def test_retry_owes_one_refused_alert_once_more(state: Path, ledger: Ledger) -> None:
    refuse(ledger, "1:1")
    refuse(ledger, "1:2", at=NOW + 10)

    done = run(state, "retry", "1:1")

    assert (done.returncode, done.stdout) == (0, "1 owed once more\n")
    assert ledger.owed == 1
    assert [letter.fingerprint for letter in ledger.refused] == ["1:2"]


def test_retry_all_owes_all_of_them(state: Path, ledger: Ledger) -> None:
    refuse(ledger, "1:1")
    refuse(ledger, "1:2", at=NOW + 10)

    done = run(state, "retry", "--all")

    assert (done.returncode, done.stdout) == (0, "2 owed once more\n")
    assert ledger.refused == ()


def test_retry_all_of_nothing_is_not_a_mistake(state: Path) -> None:
    done = run(state, "retry", "--all")

    assert (done.returncode, done.stdout) == (0, "0 owed once more\n")


@pytest.mark.parametrize("fingerprint", ["9:9", ""])
def test_retry_of_a_fingerprint_that_was_not_refused_changes_nothing(
    state: Path, ledger: Ledger, fingerprint: str
) -> None:
    refuse(ledger, "1:1")

    done = run(state, "retry", fingerprint)

    assert (done.returncode, done.stdout) == (1, "no such refused alert; see: booty status\n")
    assert len(ledger.refused) == 1


@pytest.mark.parametrize("command", [["status"], ["retry", "--all"]])
@pytest.mark.parametrize("below", ["", "/below"])
@pytest.mark.parametrize("kind", ["file", "link to nowhere", "link to itself"])
def test_what_cannot_be_a_state_directory_is_a_wrong_setting(
    state: Path, kind: str, below: str, command: list[str]
) -> None:
    if kind == "file":
        state.write_text("a file where the directory should be")
    else:
        state.symlink_to("nowhere" if kind == "link to nowhere" else state)

    done = run(Path(f"{state}{below}"), *command)

    assert (done.returncode, done.stderr) == (78, f"BOOTY_STATE_DIR: {state} is not a directory\n")


def test_a_ledger_whose_maker_was_killed_before_it_wrote_anything_is_empty(state: Path) -> None:
    state.mkdir()
    (state / "ledger-1.sqlite3").touch()

    done = run(state, "status")

    assert (done.returncode, done.stdout) == (0, "0 owed, 0 refused\n")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_not_a_file_is_not_a_ledger_for_anybody(state: Path, make: Callable[[Path], None]) -> None:
    state.mkdir()
    make(state / "ledger-7.sqlite3")
    before = run(state, "status")
    claim(Ledger(state, keep_seconds=1.0), "1:1", at=time.time())

    after = run(state, "status")

    assert before.stdout.startswith("0 owed, 0 refused\nno ledger yet")
    assert (after.returncode, after.stdout.splitlines()[0]) == (0, "1 owed, 0 refused")


def test_retry_leaves_a_damaged_ledger_to_the_service(state: Path) -> None:
    state.mkdir()
    (state / "ledger-1.sqlite3").write_bytes(b"no database at all, but long enough to be read as one" * 40)

    done = run(state, "retry", "--all")

    assert (done.returncode, done.stdout) == (69, "")
    assert "The ledger cannot be used: file is not a database\n" in done.stderr
    assert [path.name for path in state.iterdir()] == ["ledger-1.sqlite3"]


@pytest.mark.parametrize("command", ["status | true", "status >&-"])
def test_a_reader_that_has_had_enough_is_not_a_fault_of_the_ledger(state: Path, ledger: Ledger, command: str) -> None:
    refuse(ledger, "1:1")

    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m booty {command}"],
        cwd=ROOT,
        env=environ_of(state),
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (3, b"")


def test_a_ledger_that_cannot_be_used_is_said_without_a_traceback(state: Path) -> None:
    (state / "ledger.lock").mkdir(parents=True)

    done = run(state, "status")

    assert done.returncode == 69
    assert "The ledger cannot be used: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["status", "--help"], ["retry", "--help"]])
def test_help_needs_no_settings(state: Path, arguments: list[str]) -> None:
    done = run(state, *arguments, SENTRY_WEBHOOK_SECRET="", GITHUB_TOKEN="")

    assert done.returncode == 0
    assert done.stdout.startswith("usage: booty")


@pytest.mark.parametrize("width", [52, 80, 120])
def test_help_fits_the_terminal(state: Path, width: int) -> None:
    done = run(state, "--help", COLUMNS=str(width))

    assert max(map(len, done.stdout.splitlines())) <= width


@pytest.mark.parametrize("arguments", [[], ["retry"], ["retry", "1:1", "--all"], ["forget"]])
def test_wrong_usage_is_refused_with_the_usage(state: Path, arguments: list[str]) -> None:
    done = run(state, *arguments)

    assert done.returncode == 2
    assert done.stderr.startswith("usage: booty")
