"""Whether the ledger can be written to is found out at most once a second, and never guessed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.pulse import KEY, Pulse

NOW = 1_800_000_000.0


def written(directory: Path) -> object:
    return SqliteEngine(directory).transact(lambda shelf: shelf.get(KEY))


def break_store(directory: Path) -> None:
    for path in directory.iterdir():
        path.unlink()
    directory.rmdir()
    directory.write_text("no directory")


def test_writes_to_find_out(tmp_path: Path) -> None:
    Pulse(SqliteEngine(tmp_path)).feel(now=NOW)

    assert written(tmp_path) == NOW


def test_writes_once_a_second_however_often_it_is_asked(tmp_path: Path) -> None:
    pulse = Pulse(SqliteEngine(tmp_path))
    seen = []
    for at in (0.0, 0.1, 0.9, 1.0, 1.5, 2.1):
        pulse.feel(now=NOW + at)
        seen.append(written(tmp_path))

    assert seen == [NOW, NOW, NOW, NOW + 1.0, NOW + 1.0, NOW + 2.1]


def test_one_write_serves_all_workers(tmp_path: Path) -> None:
    Pulse(SqliteEngine(tmp_path)).feel(now=NOW)
    Pulse(SqliteEngine(tmp_path)).feel(now=NOW + 0.5)

    assert written(tmp_path) == NOW


@pytest.mark.parametrize("damaged", ["soon", None, [], {}, NOW + 3600], ids=repr)
def test_a_damaged_or_future_time_is_written_over(tmp_path: Path, damaged: object) -> None:
    SqliteEngine(tmp_path).transact(lambda shelf: shelf.update({KEY: damaged}))
    Pulse(SqliteEngine(tmp_path)).feel(now=NOW)

    assert written(tmp_path) == NOW


def test_a_failure_is_reported_within_a_second_and_ends_with_its_cause(tmp_path: Path) -> None:
    state = tmp_path / "state"
    pulse = Pulse(SqliteEngine(state))
    pulse.feel(now=NOW)
    break_store(state)

    with pytest.raises(NotStored):
        pulse.feel(now=NOW + 1)
    with pytest.raises(NotStored):
        pulse.feel(now=NOW + 1.1)
    state.unlink()
    pulse.feel(now=NOW + 1.2)
    assert written(state) == NOW + 1.2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_room_for_a_beat_alone_is_not_room_for_an_alert(tmp_path: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", tmp_path], check=True)
    try:
        pulse = Pulse(SqliteEngine(tmp_path))
        pulse.feel(now=NOW)
        (tmp_path / "filler").write_bytes(b"x" * free_bytes_of(tmp_path, but=100 * 1024))
        with pytest.raises(NotStored):
            pulse.feel(now=NOW + 2)
        (tmp_path / "filler").unlink()
        pulse.feel(now=NOW + 3)
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)


def free_bytes_of(directory: Path, *, but: int) -> int:
    room = os.statvfs(directory)
    return room.f_bavail * room.f_frsize - but
