"""A droplet in a folder: the program that the deploy key runs, in this process, over a stand-in for systemd."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from booty_release import venvs
from booty_release.cli import main
from booty_release.layout import Layout
from support.systemd_stand_in import SystemdStandIn
from support.throwaway.repository import Repository


@dataclass(frozen=True)
class DropletFolder:
    """What `setup` leaves on a droplet, as far as the program needs it."""

    layout: Layout
    systemd: SystemdStandIn
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def say(self, line: str, stdin: bytes = b"") -> tuple[int, str]:
        """Say `line` through ssh; return the exit code and what the program said."""
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self.monkeypatch.setenv("SSH_ORIGINAL_COMMAND", line)
        code = main([], self.layout)
        return code, self.capsys.readouterr().out

    def deploy(self, repository: Repository, sha: str) -> tuple[int, str]:
        """Deploy that commit as deploy.sh does."""
        return self.say(f"deploy {sha} {self.layout.current() or 'none'} octocat - 0", repository.upload(sha))

    def have_environment(self, lockfile: Path) -> None:
        """Let the environment for this requirements.txt be there already."""
        environment = self.layout.venvs / venvs.key_of(lockfile.read_bytes())
        (environment / "bin").mkdir(parents=True)
        (environment / "bin" / "python").symlink_to(sys.executable)
        (environment / ".complete").touch()
