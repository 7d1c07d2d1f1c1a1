"""A throw-away repository that carries this project's workflow, run by act on this machine without Docker.

act does not simulate approvals, an Environment's own secrets or permissions: the stand-in tells the workflow's programs
what GitHub would, and the secrets are act's. actions/checkout is replaced by act itself with a copy of the repository,
actions/setup-python by a stand-in that does nothing. https://nektosact.com
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from support.workflow import github_bodies as bodies
from support.workflow.act_log import Run, read_run
from support.workflow.stand_in import StandIn

ROOT = Path(__file__).resolve().parents[3]
LIMIT_SECONDS = 90
KEY = """-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACBmYWtlZmFrZWZha2VmYWtlZmFrZWZha2VmYWtlZmFrZWZha2UAAAAQ==
-----END OPENSSH PRIVATE KEY-----
"""
FAKE_DEPLOY = """#!/usr/bin/env bash
# Records how it was called; then says and does what the test wrote down, for this public address if it wrote some.
set -euo pipefail
cd {record}
[[ ! -d "at-$SERVER_NAME" ]] || cd "at-$SERVER_NAME"
printf '%s\\n' "$*" >>calls
env >environment
stat -Lc %a "$DEPLOY_SSH_KEY_FILE" >key-mode
printf '%s' "$DEPLOY_SSH_KEY_FILE" >key-path
cat "$DEPLOY_SSH_KEY_FILE" >key
cat says
[[ ! -e then-serves || $(cat exit) != 0 ]] || mv then-serves served
exit "$(cat exit)"
"""
OWNERS = "/.github/ @anne\n/deploy/ @anne\n/deploy.sh @anne\n/CODEOWNERS @anne\n"
SETUP_PYTHON = """name: setup-python
description: The Python of this machine
inputs:
  python-version:
    description: Not looked at
    required: false
runs:
  using: composite
  steps:
    - shell: bash
      run: python3 --version
"""


@dataclass(frozen=True, slots=True)
class Project:
    """The repository, the record of its deploy.sh, and what stands outside."""

    folder: Path
    record: Path
    outside: StandIn

    @classmethod
    def make(cls, base: Path, outside: StandIn) -> Project:
        """Make a repository with one commit, whose deploy.sh succeeds."""
        project = cls(base / "repo", base / "record", outside)
        project.record.mkdir()
        outside.served_file = project.record / "served"
        (base / "setup-python").mkdir()
        (base / "setup-python" / "action.yml").write_text(SETUP_PYTHON)
        ignore = shutil.ignore_patterns("__pycache__", ".*_cache")
        for name in (".github", "booty", "deploy"):
            shutil.copytree(ROOT / name, project.folder / name, ignore=ignore)
        project.write("script/test", "#!/usr/bin/env bash\necho everything holds\n", mode=0o755)
        project.write("deploy.sh", FAKE_DEPLOY.format(record=project.record), mode=0o755)
        project.write("CODEOWNERS", OWNERS)
        project.deploy_ends(0, says="3/3 cut over\n")
        project.git("init", "--quiet", "--initial-branch=main")
        project.git("remote", "add", "origin", f"https://github.com/{bodies.REPOSITORY}.git")
        project.commit("Start")
        return project

    def at(self, outside: StandIn) -> Project:
        """Return the same repository as another target sees it, whose public address is `outside`."""
        there = replace(self, record=self.record / f"at-{outside.address}", outside=outside)
        there.record.mkdir()
        there.deploy_ends(0)
        outside.served_file = there.record / "served"
        return there

    def write(self, path: str, text: str, *, mode: int = 0o644) -> None:
        """Write a file of the repository."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)

    def takes_the_real_deploy_sh(self) -> None:
        """Replace the stand-in of deploy.sh by this project's own."""
        shutil.copy(ROOT / "deploy.sh", self.folder)

    def deploy_ends(self, exit_code: int, *, says: str = "") -> None:
        """Make ./deploy.sh end so, after these words."""
        (self.record / "exit").write_text(str(exit_code))
        (self.record / "says").write_text(says, encoding="utf-8")

    def serves(self, sha: str, *, then: str | None = None) -> None:
        """Make the public address name `sha`, and `then` after a ./deploy.sh that succeeds."""
        (self.record / "served").write_text(sha)
        if then:
            (self.record / "then-serves").write_text(then)

    def git(self, *arguments: str) -> str:
        """Run git in the repository; its output."""
        author = {"GIT_AUTHOR_NAME": "Anne Bonny", "GIT_AUTHOR_EMAIL": "anne@example.com"}
        committer = {"GIT_COMMITTER_NAME": "Anne Bonny", "GIT_COMMITTER_EMAIL": "anne@example.com"}
        environment = (
            os.environ | author | committer | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        )
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, subject: str, *, author: str | None = None) -> str:
        """Commit all there is; the SHA."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", subject, *([f"--author={author}"] if author else []))
        return self.git("rev-parse", "HEAD")

    def calls(self) -> list[str]:
        """List the arguments with which ./deploy.sh was called."""
        calls = self.record / "calls"
        return calls.read_text().splitlines() if calls.exists() else []

    def run(
        self,
        event: str = "push",
        *,
        release: str | None = None,
        attempt: int = 1,
        variables: dict[str, str] | None = None,
        secrets: dict[str, str] | None = None,
    ) -> Run:
        """Run deploy.yml under act."""
        server, home = self.outside.address, self.record / "home"
        home.mkdir(exist_ok=True)
        given = {
            "SERVER_NAME": server,
            "HEALTH_SCHEME": "http",
            "HEALTH_PATIENCE_SECONDS": "20",
            "DEPLOY_HOST": "203.0.113.7",
            "DEPLOY_KNOWN_HOSTS": "203.0.113.7 ssh-ed25519 AAAA",
        } | (variables or {})
        hidden = {"GITHUB_TOKEN": "ghs_standinstandinstandinstandin", "DEPLOY_SSH_KEY": KEY} | (secrets or {})
        command = [
            *("act", event, "--json", "--no-cache-server", "--platform", "ubuntu-latest=-self-hosted"),
            *("--workflows", ".github/workflows/deploy.yml", "--actor", "anne"),
            *("--local-repository", f"{self._setup_python()}={self.record.parent / 'setup-python'}"),
            *("--env", f"GITHUB_API_URL={self.outside.url}", "--env", f"GITHUB_RUN_ATTEMPT={attempt}"),
            *("--env", f"GITHUB_RUN_ID={bodies.RUN}", "--env", "GITHUB_TRIGGERING_ACTOR=anne"),
            *(part for name, value in given.items() for part in ("--var", f"{name}={value}")),
            *(part for name in hidden for part in ("--secret", name)),
            *(("--input", f"release={release}") if release is not None else ()),
        ]
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **hidden}
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        return read_run(done.returncode, done.stdout + done.stderr)

    def _setup_python(self) -> str:
        """Return `actions/setup-python@SHA` as check.yml pins it."""
        words = (self.folder / ".github/workflows/check.yml").read_text().split()
        return next(word for word in words if word.startswith("actions/setup-python@"))
