"""Environments with exactly what a lock file names, or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from booty_release import venvs
from booty_release.outcome import ExitCode, Stopped
from support.droplet_folder import DropletFolder


def build(droplet: DropletFolder, lockfile: Path) -> str:
    """Build the environment for `lockfile`; return its key."""
    key = venvs.key_of(lockfile.read_bytes())
    with droplet.layout.lock.open("w") as lock:
        venvs.build(droplet.layout, key, lockfile, lock=lock.fileno())
    return key


def test_an_environment_is_complete_once_it_is_built(droplet: DropletFolder, tmp_path: Path) -> None:
    lockfile = tmp_path / "requirements.txt"
    lockfile.write_text("# nothing is needed\n")

    key = build(droplet, lockfile)

    assert venvs.is_ready(droplet.layout, key)
    assert os.access(droplet.layout.venvs / key / "bin" / "python", os.X_OK)


def test_nothing_stays_of_an_environment_that_cannot_be_built(droplet: DropletFolder, tmp_path: Path) -> None:
    lockfile = tmp_path / "requirements.txt"
    lockfile.write_text("not a requirement\n")

    with pytest.raises(Stopped, match=r"the dependencies cannot be installed:\n.*not a requirement") as stopped:
        build(droplet, lockfile)

    assert stopped.value.code == ExitCode.FAILED
    assert list(droplet.layout.venvs.iterdir()) == []
