"""When a host tells its balancer that it leaves: stopped for good, and known to be alone on its socket."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from booty.observability.webhook.draining import SECONDS, Draining, is_last_on_its_socket

OURS, THEIRS = "a" * 40, "b" * 40
SLICE = "system.slice/system-booty.slice"
TWINS = r"system.slice/system-booty\x2dtwin.slice"
CANDIDATES = r"system.slice/system-booty\x2dcandidate.slice"
UNIT = f"{SLICE}/booty@{OURS}.service"


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    """Return control groups with the one of a release that runs."""
    begin(tmp_path, UNIT)
    return tmp_path


def begin(groups: Path, unit: str, processes: str = "4711\n") -> None:
    """Let a unit have these processes."""
    (groups / unit).mkdir(parents=True)
    (groups / unit / "cgroup.procs").write_text(processes)


def is_last(groups: Path, own: str = f"0::/{UNIT}\n") -> bool:
    (groups / "own").write_text(own)
    return is_last_on_its_socket(groups / "own", groups)


def test_a_release_alone_on_its_droplet_is_the_last(groups: Path) -> None:
    assert is_last(groups)
    assert is_last(groups, f"1:name=systemd:/{UNIT}\n0::/{UNIT}\n")


@pytest.mark.parametrize("other", [f"{SLICE}/booty@{THEIRS}.service", f"{TWINS}/booty-twin@{OURS}.service"])
def test_a_release_or_a_twin_that_runs_beside_it_takes_over(groups: Path, other: str) -> None:
    begin(groups, other)

    assert not is_last(groups)


@pytest.mark.parametrize(
    ("other", "processes"),
    [
        (f"{SLICE}/booty@{THEIRS}.service", ""),  # it has ended, and its group is about to go
        (f"{CANDIDATES}/booty-candidate@{THEIRS}.service", "4711\n"),  # it has a socket of its own
        (f"{SLICE}/booty@other.service", "4711\n"),
    ],
)
def test_what_does_not_serve_on_that_socket_does_not_take_over(groups: Path, other: str, processes: str) -> None:
    begin(groups, other, processes)

    assert is_last(groups)


@pytest.mark.parametrize("own", ["0::/\n", "0::/system.slice/other.service\n", f"1:name=systemd:/{UNIT}\n", ""])
def test_elsewhere_than_on_a_droplet_nobody_knows(groups: Path, own: str) -> None:
    assert not is_last(groups, own)
    assert not is_last_on_its_socket(groups / "none", groups)


def test_where_the_groups_are_mounted_in_the_old_way_nobody_knows(tmp_path: Path) -> None:
    assert not is_last(tmp_path)


def test_this_process_is_not_a_release_on_a_droplet() -> None:
    assert not is_last_on_its_socket()


def test_it_begins_once_and_says_for_how_long() -> None:
    draining = Draining(lambda: True)
    assert not draining.is_under_way

    assert draining.begin() == SECONDS
    assert draining.is_under_way
    assert draining.begin() == 0  # asked to stop once more: now


def test_beside_another_release_it_does_not_begin() -> None:
    draining = Draining(lambda: False)

    assert draining.begin() == 0
    assert not draining.is_under_way


def test_a_release_that_is_started_meanwhile_ends_it() -> None:
    others: list[str] = []
    draining = Draining(lambda: not others)
    draining.begin()

    others.append(THEIRS)

    assert not draining.is_under_way


def test_a_worker_knows_what_its_parent_began_after_the_fork() -> None:
    draining = Draining(lambda: True)
    told, tell = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.read(told, 1)
        os._exit(draining.is_under_way)

    draining.begin()
    os.write(tell, b".")

    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 1
