"""A droplet in a folder, with one release that serves."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from booty_release.layout import Layout
from support.droplet_folder import DropletFolder
from support.systemd_stand_in import SystemdStandIn
from support.throwaway.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a clone whose service is the stand-in."""
    return Repository(tmp_path / "clone")


@pytest.fixture
def droplet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[DropletFolder]:
    """Make a droplet as `setup` leaves it; afterwards this process is as it was."""
    mask, hang_up = os.umask(0o022), signal.getsignal(signal.SIGHUP)
    with tempfile.TemporaryDirectory(prefix="b") as name:
        systemd = SystemdStandIn(Path(name) / "s")
        layout = Layout(Path(name) / "booty", systemd.sockets)
        for folder in (layout.releases, layout.venvs, layout.records):
            folder.mkdir(parents=True)
        monkeypatch.setenv("PATH", f"{systemd.programs}:{os.environ['PATH']}")
        monkeypatch.delenv("SSH_CONNECTION", raising=False)
        with systemd.answering():
            yield DropletFolder(layout, systemd, monkeypatch, capsys)
    os.umask(mask)
    signal.signal(signal.SIGHUP, hang_up)


@pytest.fixture
def old(droplet: DropletFolder, repository: Repository) -> str:
    """Deploy a first release; return its SHA."""
    droplet.have_environment(repository.folder / "requirements.txt")
    sha = repository.git("rev-parse", "HEAD")
    code, said = droplet.deploy(repository, sha)
    assert code == 0, said
    return sha
