"""The operator's commands, run as an operator runs them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from unittest.mock import patch

import pytest
from support.alerts import alert
from support.ledger_doors import Ledger
from support.other_user import NOBODY, acting_as_nobody

from booty.observability.alerts.filters import Verdict
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.reading import acting_as_owner
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.jobs import Attempt, FilingJob, Pause
from booty.observability.ops.cli import main

ROOT = Path(__file__).parents[2]
NOW = 1_795_000_000.0
REASON = "410 Issues has been disabled in this repository."


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ledger(state: Path) -> Ledger:
    return Ledger(state, keep_seconds=1.0)


def claim(ledger: Ledger, fingerprint: str, *, at: float = NOW) -> None:
    ledger.claims.claim(alert(fingerprint=fingerprint), lambda _: Verdict.ACCEPTED, now=at)


def refuse(ledger: Ledger, fingerprint: str, *, at: float = NOW) -> None:
    claim(ledger, fingerprint, at=at)
    owed = ledger.queue.lease(now=at)
    assert isinstance(owed, FilingJob)
    ledger.queue.refuse(owed, REASON, attempt=None, now=at)


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def environ_of(state: Path, **changes: str) -> dict[str, str]:
    given = {"SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush", "TARGET_REPO_URL": "acme/shop", "GITHUB_TOKEN": "token"}
    return {"PATH": os.environ["PATH"], "BOOTY_STATE_DIR": str(state)} | given | changes


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(state: Path, *arguments: str, **changes: str) -> Done:
    """Run a command in this process, with an environment of its own."""
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, environ_of(state, **changes), clear=True), redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(list(arguments))
        except SystemExit as stop:  # argparse's way to end
            code = int(stop.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def test_status_shows_what_is_owed_refused_and_paused(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    refuse(ledger, "1:1")
    claim(ledger, "1:2", at=now - 7300)
    owed = ledger.queue.lease(now=now)
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
        "! GitHub refused 1: fix the cause, then: python -m booty retry --all\n"
    )


def test_status_is_there_for_machines_too(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time())) - 10
    refuse(ledger, "1:1")
    ledger.claims.claim(
        alert(fingerprint="1:2", sentry_url="https://sentry.io/i/2/"), lambda _: Verdict.ACCEPTED, now=now
    )

    done = run(state, "status", "--json", OBSV_FOLOW="0")

    shown = json.loads(done.stdout)
    assert done.returncode == 3
    assert shown.pop("free_bytes") > 0
    assert shown["waiting"][0].pop("age_seconds") > 0
    assert shown == {
        "owed": 1,
        "pause": None,
        "refused": [
            {"fingerprint": "1:1", "refused_at": iso(NOW), "reason": REASON, "sentry_url": None},
        ],
        "waiting": [
            {"fingerprint": "1:2", "since": iso(now), "is_doubtful": False, "sentry_url": "https://sentry.io/i/2/"}
        ],
        "failures": 0,
        "last_failure": None,
        "stopped": None,
        "due_since": iso(now),
        "needs_person": ["GitHub refused 1: fix the cause, then: python -m booty retry --all"],
        "ledger": str(state / "ledger-1.sqlite3"),
        "candidate": False,
        "unknown_settings": [{"name": "OBSV_FOLOW", "nearest": "OBSV_FOLLOW"}],
    }


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("", None),
        ("https://sentry.acme.example", "https://sentry.acme.example/organizations/a/issues/2/"),
        ("x:[", None),
    ],
)
def test_status_links_only_to_the_sentry_that_is_set(
    state: Path, ledger: Ledger, setting: str, shown: str | None
) -> None:
    page = "https://sentry.acme.example/organizations/a/issues/2/"
    ledger.claims.claim(alert(fingerprint="1:2", sentry_url=page), lambda _: Verdict.ACCEPTED, now=NOW)

    (waiting,) = json.loads(run(state, "status", "--json", SENTRY_URL=setting).stdout)["waiting"]

    assert waiting["sentry_url"] == shown


def test_status_says_why_all_deliveries_are_stopped_and_retry_asks_at_once(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    claim(ledger, "1:1", at=now)
    owed = ledger.queue.lease(now=now)
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
    assert isinstance(ledger.queue.lease(now=now + 5), FilingJob)


def test_retry_ends_a_pause(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    claim(ledger, "1:1", at=now)
    owed = ledger.queue.lease(now=now)
    assert isinstance(owed, FilingJob)
    ledger.queue.postpone(owed, due_at=now, attempt=None, pause=Pause(now + 3600, "GitHub limits the rate"), now=now)

    run(state, "retry", "--all")

    assert "paused" not in run(state, "status").stdout
    assert isinstance(ledger.queue.lease(now=now + 5), FilingJob)


def test_status_asks_whether_the_service_runs_when_nobody_delivers(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1", at=NOW)

    done = run(state, "status")

    assert done.returncode == 3
    assert f"! due since {iso(NOW)}, but not delivered: is the service running?\n" in done.stdout


def test_status_says_what_failed_last_while_the_next_try_is_awaited(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    claim(ledger, "1:1", at=now - 10)
    owed = ledger.queue.lease(now=now - 10)
    assert isinstance(owed, FilingJob)
    pause = Pause(now - 9, "GitHub answered 503: Service Unavailable")
    ledger.queue.postpone(owed, due_at=now + 5, attempt=Attempt(now - 10), pause=pause, now=now - 10)

    done, machine = run(state, "status"), json.loads(run(state, "status", "--json").stdout)

    assert done.returncode == 0
    assert "the last call to GitHub failed: GitHub answered 503: Service Unavailable\n" in done.stdout
    assert machine["last_failure"] == "GitHub answered 503: Service Unavailable"


def test_status_shows_no_pause_that_is_over(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1")
    owed = ledger.queue.lease(now=NOW)
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
sys.path[:0] = ["tests/ops", "tests", "."]
from test_cli import *
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
    with TemporaryDirectory() as home:  # in pytest's own directories another user could not even look
        state = Path(home) / "state"
        Path(home).chmod(0o755)
        state.mkdir(mode=0o700)
        os.chown(state, NOBODY, NOBODY)
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


@pytest.mark.parametrize("wrong", [1e300, -1e300, 10**30, float("nan"), float("inf")], ids=repr)
def test_status_reads_times_that_are_none(state: Path, ledger: Ledger, wrong: float) -> None:
    refuse(ledger, "1:1")
    claim(ledger, "1:2", at=time.time())

    def damage(shelf: Shelf) -> None:
        shelf["refused/1:1"] |= {"refused_at": wrong}
        shelf["alert/1:2"] |= {"claimed_at": wrong}
        shelf["gate"] = {"stopped": {"reason": "r", "remedy": "m", "since": wrong, "tries": 0, "next_at": wrong}}

    SqliteEngine(state).transact(damage)

    done, machine = run(state, "status"), run(state, "status", "--json")

    assert (done.returncode, machine.returncode) == (3, 3)
    assert "an unknown time" in done.stdout


def test_status_steers_no_terminal(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1")
    owed = ledger.queue.lease(now=NOW)
    assert isinstance(owed, FilingJob)
    ledger.queue.refuse(owed, "\x1b[2J\x9b31m\r\u202e bad\n words", attempt=None, now=NOW)
    odd = {"OBSV_\x1b[31m": "1"}

    shown = run(state, "status", **odd).stdout

    assert [char for char in shown if not char.isprintable() and char != "\n"] == []
    assert "\\x1b[2J\\x9b31m\\r\\u202e bad\\n words" in shown
    assert json.loads(run(state, "status", "--json", **odd).stdout)["owed"] == 0


def test_a_ledger_that_only_a_newer_release_can_read_needs_a_person(state: Path) -> None:
    def write(shelf: Shelf) -> None:
        shelf["schema"] = {"version": 9, "oldest_reader": 9, "release": "booty@9"}

    SqliteEngine(state).transact(write)

    done = run(state, "status")

    assert done.returncode == 3
    assert "! this release cannot read the ledger: booty@9 wrote it" in done.stdout


def test_a_damaged_ledger_and_one_that_was_set_aside_need_a_person(state: Path) -> None:
    state.mkdir()
    (state / "ledger-1.sqlite3.unreadable").write_bytes(b"x")
    (state / "ledger-2.sqlite3").write_bytes(b"no database at all, but long enough to be read as one" * 40)

    done = run(state, "status")

    assert done.returncode == 3
    assert "! the ledger is damaged: file is not a database" in done.stdout
    assert "! ledger-1.sqlite3.unreadable could not be read, and may hold alerts" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_needs_a_person(state: Path) -> None:
    state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", state], check=True)
    try:
        claim(Ledger(state, keep_seconds=1.0), "1:1", at=time.time())
        has_room = run(state, "status")
        (state / "filler").write_bytes(b"x" * 3_500_000)
        is_full = run(state, "status")
    finally:
        subprocess.run(["umount", "--lazy", state], check=True)

    assert (has_room.returncode, is_full.returncode) == (0, 3)
    assert " KiB are free: alerts are refused where there is no room for them\n" in is_full.stdout


def test_a_ledger_that_the_service_may_not_write_to_needs_a_person() -> None:
    with TemporaryDirectory() as home:
        Path(home).chmod(0o777)
        with acting_as_nobody():
            claim(Ledger(Path(home), keep_seconds=1.0), "1:1")
        Path(home).chmod(0o555)

        done = run(Path(home), "status")

        Path(home).chmod(0o755)
    assert done.returncode == 3
    assert f"! this user may not write to {home}: alerts are refused\n" in done.stdout


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


def test_retry_all_of_nothing_is_no_mistake(state: Path) -> None:
    done = run(state, "retry", "--all")

    assert (done.returncode, done.stdout) == (0, "0 owed once more\n")


@pytest.mark.parametrize("fingerprint", ["9:9", ""])
def test_retry_of_a_fingerprint_that_was_not_refused_changes_nothing(
    state: Path, ledger: Ledger, fingerprint: str
) -> None:
    refuse(ledger, "1:1")

    done = run(state, "retry", fingerprint)

    assert (done.returncode, done.stdout) == (1, "no such refused alert; see: python -m booty status\n")
    assert len(ledger.refused) == 1


@pytest.mark.parametrize("command", [["status"], ["retry", "--all"]])
@pytest.mark.parametrize("below", ["", "/below"])
@pytest.mark.parametrize("kind", ["file", "link to nowhere", "link to itself"])
def test_a_state_directory_that_is_none_is_a_wrong_setting(
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
def test_what_is_no_file_is_no_ledger_for_anybody(state: Path, make: Callable[[Path], None]) -> None:
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
def test_a_reader_that_has_had_enough_is_no_fault_of_the_ledger(state: Path, ledger: Ledger, command: str) -> None:
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
    assert done.stdout.startswith("usage: python -m booty")


@pytest.mark.parametrize("arguments", [[], ["retry"], ["retry", "1:1", "--all"], ["forget"]])
def test_wrong_usage_is_refused_with_the_usage(state: Path, arguments: list[str]) -> None:
    done = run(state, *arguments)

    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m booty")
