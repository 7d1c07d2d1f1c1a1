"""What status asks a person to put right."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.ledger_doors import Ledger
from support.operator import NOW, claim, iso, run
from support.other_user import acting_as_nobody

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine


def test_status_asks_whether_the_service_runs_when_nobody_delivers(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1", at=NOW)

    done = run(state, "status")

    assert done.returncode == 3
    assert f"! due since {iso(NOW)}, but not delivered: is the service running?\n" in done.stdout


def test_the_issue_of_a_storm_that_is_refused_as_all_would_be_needs_a_person(state: Path, ledger: Ledger) -> None:
    storm = {"digest": "001795686265183", "total": 5, "trouble": "403 suspended; unsuspend the App"}
    ledger.engine.transact(lambda shelf: shelf.update({"storm": storm}))

    done = run(state, "status")

    assert done.returncode == 3
    assert "! the issue of a storm is refused: 403 suspended; unsuspend the App\n" in done.stdout


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
