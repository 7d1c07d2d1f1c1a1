"""The directory of the ledger is tried before anything starts."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.given_settings import REQUIRED, faults_of, load
from support.other_user import acting_as_nobody


def test_systemds_state_directory_stands_in_for_ours() -> None:
    assert load(STATE_DIRECTORY="/var/lib/booty:/var/lib/other").state_dir == Path("/var/lib/booty")
    assert load(STATE_DIRECTORY="/var/lib/booty", BOOTY_STATE_DIR="/srv/state").state_dir == Path("/srv/state")


def test_a_state_directory_that_can_be_made_is_fine_and_is_not_made(tmp_path: Path) -> None:
    state = tmp_path / "not" / "there"

    assert load(BOOTY_STATE_DIR=str(state)).state_dir == state
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "state", "state/deeper"])
def test_refuses_a_state_directory_at_or_below_a_file(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(tmp_path / "file" / below)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({tmp_path}/file is not a directory)"
    }


@pytest.mark.parametrize("below", ["", "state"])
@pytest.mark.parametrize("target", ["nowhere", "link"])
def test_refuses_a_state_directory_at_or_below_a_link_that_leads_nowhere(
    target: str, below: str, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(target)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(tmp_path / "link" / below)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({tmp_path}/link is not a directory)"
    }


def test_refuses_a_state_directory_whose_name_is_too_long(tmp_path: Path) -> None:
    state = tmp_path / ("x" * 300)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(state)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({state}: File name too long)"
    }


@pytest.mark.parametrize("below", ["", "/state", "/state/deeper"])
def test_refuses_a_state_directory_that_the_user_may_not_write_to(below: str) -> None:
    with TemporaryDirectory() as home:  # in pytest's own directories another user could not even look
        Path(home).chmod(0o555)
        with acting_as_nobody():
            faults = faults_of(REQUIRED | {"BOOTY_STATE_DIR": f"{home}{below}"})

    assert faults == {"BOOTY_STATE_DIR": f"cannot be used (this user may not write to {home})"}


@pytest.mark.parametrize("place", ["/proc/x", "/proc/self/fd/x", "/sys/x", "/proc"])
def test_refuses_a_state_directory_on_a_filesystem_that_holds_no_ledger(place: str) -> None:
    assert list(faults_of(REQUIRED | {"BOOTY_STATE_DIR": place})) == ["BOOTY_STATE_DIR"]


@pytest.mark.parametrize("mode", [0o770, 0o720, 0o707, 0o1777, 0o2775], ids=oct)
def test_refuses_a_state_directory_that_others_may_write_to(tmp_path: Path, mode: int) -> None:
    state = tmp_path / "state"
    state.mkdir()
    state.chmod(mode)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(state)}) == {
        "BOOTY_STATE_DIR": f"cannot be used (users other than its owner may write to {state} (chmod go-w {state}))"
    }


@pytest.mark.parametrize("below", ["state", "state/ledger"])
def test_refuses_a_state_directory_that_others_may_replace(tmp_path: Path, below: str) -> None:
    shared = tmp_path / "shared"
    (shared / "state").mkdir(parents=True)
    shared.chmod(0o777)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(shared / below)}) == {
        "BOOTY_STATE_DIR": f"cannot be used (users other than its owner may write to {shared} (chmod go-w {shared}))"
    }


def test_refuses_a_state_directory_that_a_link_shows_where_others_may_replace_it(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "state").mkdir(parents=True)
    shared.chmod(0o777)
    (tmp_path / "link").symlink_to(shared / "state")

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(tmp_path / "link")}) == {
        "BOOTY_STATE_DIR": f"cannot be used (users other than its owner may write to {shared} (chmod go-w {shared}))"
    }


@pytest.mark.parametrize(("mode", "above"), [(0o700, 0o755), (0o755, 0o1777), (0o750, 0o775), (0o2755, 0o755)], ids=oct)
def test_a_state_directory_that_others_may_read_or_that_lies_in_a_sticky_one_is_fine(
    tmp_path: Path, mode: int, above: int
) -> None:
    state = tmp_path / "above" / "state"
    state.mkdir(parents=True)
    state.chmod(mode)
    state.parent.chmod(above)

    assert load(BOOTY_STATE_DIR=str(state)).state_dir == state


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_refuses_a_state_directory_of_another_user(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    os.chown(state, 12345, 12345)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(state)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({state} belongs to another user)"
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link away")
def test_refuses_a_link_to_a_state_directory_that_another_user_made(tmp_path: Path) -> None:
    link = tmp_path / "link"
    (tmp_path / "state").mkdir()
    link.symlink_to(tmp_path / "state")
    os.chown(link, 12345, 12345, follow_symlinks=False)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(link)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({link} belongs to another user)"
    }


def test_trying_a_state_directory_leaves_it_as_it_was(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mode

    load(BOOTY_STATE_DIR=str(tmp_path))

    assert list(tmp_path.iterdir()) == []
    assert tmp_path.stat().st_mode == before


@pytest.mark.parametrize("name", ["ledger.lock", "ledger-3.sqlite3", "ledger-3.sqlite3-wal"])
def test_refuses_a_state_directory_whose_ledger_is_anothers(name: str) -> None:
    with TemporaryDirectory() as home:
        Path(home).chmod(0o777)
        (Path(home) / name).touch(mode=0o400)
        with acting_as_nobody():
            faults = faults_of(REQUIRED | {"BOOTY_STATE_DIR": home})

    assert faults == {"BOOTY_STATE_DIR": f"cannot be used (this user may not write to {home}/{name})"}
