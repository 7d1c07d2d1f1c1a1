"""A droplet in a folder: the program that the deploy key runs, in this process, over a stand-in for systemd."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest
from booty_release import damage, venvs
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

    def have_environment(self, lockfile: Path) -> Path:
        """Let an environment for this requirements.txt be there already, of packages with one file; return it."""
        pins = lockfile.read_bytes()
        environment = self.layout.venvs / venvs.key_of(pins)
        venv.create(environment, symlinks=True)
        (site,) = environment.glob("lib/python*/site-packages")
        for name in re.findall(r"^([\w-]+)==", pins.decode().replace("-", "_"), re.MULTILINE):
            (site / f"{name}.py").touch()
            (site / f"{name}-1.dist-info").mkdir()
            nothing = base64.urlsafe_b64encode(hashlib.sha256().digest()).decode().rstrip("=")
            (site / f"{name}-1.dist-info" / "RECORD").write_text(f"{name}.py,sha256={nothing},0\n")
        (environment / damage.COMPLETE).touch()
        return environment
