"""A clone of the project with a history of its own, in which a test commits the service that it is about."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
STAND_IN = Path(__file__).resolve().parent / "standin"
PIN = re.compile(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==.*(?:\n {4}.*)*\n", re.MULTILINE)
"""A package in a lock file, with its hashes."""


def _lock_with(*names: str) -> str:
    """Return today's lock, with those packages in the versions that the tests have."""
    today, tests = (
        {found[1]: found[0] for found in PIN.finditer((PROJECT / name).read_text())}
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    return "".join((today | {name: tests[name] for name in names}).values())


LOCK = (PROJECT / "requirements.txt").read_text()
EARLIER_LOCK = _lock_with("annotated-types", "pydantic", "pydantic-core", "typing-extensions", "typing-inspection")
"""That of the releases that imported pydantic."""
SHIPPED = ("deploy", "deploy.sh", "requirements.txt", ".env.example")


class Repository:
    """A clone as deploy.sh sees it: the project's deploy files, and a service that the test chooses."""

    def __init__(self, folder: Path, *, real: bool = False) -> None:
        """Make it with one commit on main: the stand-in, or with `real` the project as it stands here."""
        self.folder = folder
        folder.mkdir()
        self._copy_the_project() if real else self._copy_the_stand_in()
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "A Developer")
        self.git("config", "user.email", "developer@example.com")
        self.commit("works")

    def _copy_the_project(self) -> None:
        listed = subprocess.check_output(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=PROJECT, text=True
        )
        for name in filter(None, listed.split("\0")):
            if (PROJECT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, self.folder / name)

    def _copy_the_stand_in(self) -> None:
        folder = self.folder
        for name in SHIPPED:
            source = PROJECT / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
        shutil.copy2(STAND_IN / "settings.py", folder / "gunicorn.conf.py")
        shutil.copy2(STAND_IN / "standin.py", folder)

    def git(self, *words: str) -> str:
        """Run git in it; return what it printed."""
        return subprocess.check_output(["git", *words], cwd=self.folder, text=True).strip()

    def commit(self, behaviour: str = "works", *, files: dict[str, str] | None = None) -> str:
        """Commit a service that behaves so, with those files changed; return the SHA."""
        (self.folder / "behaviour").write_text(behaviour)
        for name, content in (files or {}).items():
            (self.folder / name).write_text(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", f"A service that {behaviour}")
        return self.git("rev-parse", "HEAD")

    def commit_tree_of(self, sha: str) -> str:
        """Commit what the project was at one of its commits, or what this clone was; return the SHA.

        With today's requirements.txt, and what it lacks for an earlier one: a box has no network to fetch others.
        """
        here = subprocess.run(["git", "cat-file", "-e", sha], cwd=self.folder, capture_output=True, check=False)
        archive = ["git", "-C", str(PROJECT if here.returncode else self.folder), "archive", sha]
        packed = subprocess.run(archive, capture_output=True, check=False)
        assert packed.returncode == 0, f"commit {sha} is not here; fetch the whole history: git fetch --unshallow"
        self.git("rm", "-r", "--quiet", ".")
        subprocess.run(["tar", "-x"], cwd=self.folder, input=packed.stdout, check=True)
        is_earlier = "\npydantic" in (self.folder / "requirements.in").read_text()
        return self.commit(files={"requirements.txt": EARLIER_LOCK if is_earlier else LOCK})

    def commit_with_new_dependencies(self) -> str:
        """Commit another lock file, so that the droplet must build a new environment."""
        lockfile = (self.folder / "requirements.txt").read_text()
        return self.commit(files={"requirements.txt": f"{lockfile}# no environment has this line\n"})

    def upload(self, sha: str) -> bytes:
        """Return what deploy.sh uploads for that commit."""
        return gzip.compress(self.objects(sha))

    def objects(self, sha: str) -> bytes:
        """Return all objects of that commit, as `git cat-file --batch` writes them."""
        listed = ["git", "rev-list", "--objects", "--no-object-names", "--no-walk", sha]
        names = subprocess.check_output(listed, cwd=self.folder)
        return subprocess.check_output(["git", "cat-file", "--batch"], cwd=self.folder, input=names)
