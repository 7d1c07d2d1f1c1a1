"""What a release would change: the commits and files between what runs and what goes out.

Read from the local clone, which unlike the compare API has no limit of 250 commits and 300 files, and needs no token.
Everything in it was written by whoever could get a commit merged: names, subjects and paths are text, not Markdown.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SHA = re.compile(r"[0-9a-f]{40}")
"""Use with `fullmatch`: `$` would let a newline pass."""


class Area(StrEnum):
    """What a file touches; the value is its heading on the approval page."""

    DROPLET = "the droplet's side"
    DEPLOY = "deploy"
    PIPELINE = "the pipeline"
    WORKFLOW = "workflows"
    DEPENDENCIES = "dependencies"
    CODE = "code"
    TESTS = "tests"
    DOCUMENTS = "documents"
    OTHER = "other"


AREAS = (
    (Area.PIPELINE, re.compile(r"deploy/pipeline/.*")),
    # units, nginx, the program that the key may run: `setup` installs them
    (Area.DROPLET, re.compile(r"deploy/((droplet|remote|systemd|nginx|ssh)/.*|setup|sudoers|manifest)")),
    (Area.DEPLOY, re.compile(r"deploy\.sh|deploy/.*")),
    (Area.WORKFLOW, re.compile(r"\.github/.*|\.ci/.*")),
    (
        Area.DEPENDENCIES,
        re.compile(r"(.*/)?(requirements[^/]*\.(txt|in)|pyproject\.toml|uv\.lock|constraints[^/]*\.txt)"),
    ),
    (Area.TESTS, re.compile(r"(tests|bench)/.*")),
    (Area.DOCUMENTS, re.compile(r"docs/.*|.*\.(md|rst)|LICENSE")),
    (Area.CODE, re.compile(r".*\.py|script/.*|booty/.*")),
)
"""The first that matches the whole path names the area."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as git tells it. `author` and `subject` are untrusted."""

    sha: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What lies between two releases. `removed` are the commits that production would lose; newest first, both."""

    added: tuple[Commit, ...]
    removed: tuple[Commit, ...]
    files: tuple[str, ...]

    def files_by_area(self) -> dict[Area, list[str]]:
        """Group the changed files, areas in the order of `Area`: what deserves a look first."""
        grouped = {area: [path for path in self.files if area_of(path) is area] for area in Area}
        return {area: paths for area, paths in grouped.items() if paths}


def area_of(path: str) -> Area:
    """Name what a file touches, by its path from the repository's root."""
    return next((area for area, pattern in AREAS if pattern.fullmatch(path)), Area.OTHER)


@dataclass(frozen=True, slots=True)
class Clone:
    """A local clone with its history. Arguments that name commits must be full SHAs: nothing else reaches git."""

    folder: Path

    def has(self, sha: str) -> bool:
        """Whether the clone knows this commit."""
        return self._run("cat-file", "-e", f"{_checked(sha)}^{{commit}}", allowed=(0, 1, 128)).returncode == 0

    def contains(self, sha: str, *, tip: str) -> bool:
        """Whether `sha` is `tip` or one of its ancestors."""
        asked = ("merge-base", "--is-ancestor", _checked(sha), _checked(tip))
        return self._run(*asked, allowed=(0, 1)).returncode == 0

    def changes(self, *, before: str, after: str) -> Changes:
        """Compare two commits that the clone has."""
        names = self._run("diff", "--name-only", "--no-renames", "-z", _checked(before), _checked(after)).stdout
        return Changes(
            added=self._commits(since=before, until=after),
            removed=self._commits(since=after, until=before),
            files=tuple(name for name in names.split("\0") if name),
        )

    def _commits(self, *, since: str, until: str) -> tuple[Commit, ...]:
        log = self._run("log", "--format=%H%x00%an%x00%s%x00", f"{_checked(since)}..{_checked(until)}").stdout
        fields = [field.removeprefix("\n") for field in log.split("\0")]
        return tuple(Commit(*fields[i : i + 3]) for i in range(0, len(fields) - 2, 3))

    def _run(self, *arguments: str, allowed: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(  # noqa: S603 - no shell, checked SHAs
            ["git", *arguments],  # noqa: S607 - the runner's own git
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode not in allowed:
            raise RuntimeError(f"git {arguments[0]} failed ({done.returncode}): {done.stderr.strip()}")
        return done


def _checked(sha: str) -> str:
    if not SHA.fullmatch(sha):
        raise ValueError(f"not a full commit SHA: {sha!r}")
    return sha
