"""A local clone, asked through git.

Unlike GitHub's API for comparisons it has no limit of 250 commits and 300 files, and needs no token.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.pipeline.planning.changes import Changes, Commit
from deploy.pipeline.release import SHA

FILES = ("diff-tree", "-r", "--name-only", "--no-renames", "--ignore-submodules=none", "-z")
"""Whatever the commits' own attributes and .gitmodules say."""
AS_APPROVED = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": "/dev/null/none"}
"""A commit is what its SHA says, not what a ref or a graft of this clone has in its place; that file does not exist."""


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone with its whole history. Names of commits must be full SHAs: nothing else reaches git.

    Every method raises `ValueError` for what is not one, and `RuntimeError` when git fails.
    """

    folder: Path

    def has(self, sha: str) -> bool:
        """Return whether the clone knows this commit."""
        return self._run("cat-file", "-e", f"{_checked(sha)}^{{commit}}", allowed=(0, 1, 128)).returncode == 0

    def contains(self, sha: str, *, tip: str) -> bool:
        """Return whether `sha` is `tip` or one of its ancestors."""
        asked = ("merge-base", "--is-ancestor", _checked(sha), _checked(tip))
        return self._run(*asked, allowed=(0, 1)).returncode == 0

    def changes(self, *, before: str, after: str) -> Changes:
        """Compare two commits that the clone has."""
        names = self._run(*FILES, _checked(before), _checked(after)).stdout
        return Changes(
            added=self._commits(since=before, until=after),
            removed=self._commits(since=after, until=before),
            files=tuple(name for name in names.split("\0") if name),
        )

    def log(self, until: str, *, since: str | None, fields: Sequence[str], limit: int = -1) -> list[tuple[str, ...]]:
        """Return `fields` (git's placeholders) of the commits after `since` up to `until`, newest first.

        At most `limit` of them, all when it is negative; without `since` only `until` itself.
        """
        wanted = ("--max-count=1", _checked(until))
        if since is not None:
            wanted = (f"--max-count={limit}", f"{_checked(since)}..{_checked(until)}")
        log = self._run("log", f"--format={''.join(f'{field}%x00' for field in fields)}", *wanted, "--").stdout
        values = [value.removeprefix("\n") for value in log.split("\0")]
        return [tuple(values[i : i + len(fields)]) for i in range(0, len(values) - 1, len(fields))]

    def files(self, sha: str) -> list[str]:
        """List the files of a commit, links too."""
        entries = self._run("ls-tree", "-r", "-z", _checked(sha)).stdout.split("\0")
        return [entry.partition("\t")[2] for entry in entries if " blob " in entry.partition("\t")[0]]

    def read(self, sha: str, path: str) -> str:
        """Return the text of a file that the commit has."""
        return self._run("cat-file", "blob", f"{_checked(sha)}:{path}").stdout

    def _commits(self, *, since: str, until: str) -> tuple[Commit, ...]:
        return tuple(Commit(*values) for values in self.log(until, since=since, fields=("%H", "%an", "%s")))

    def _run(self, *arguments: str, allowed: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(  # noqa: S603 - no shell, checked SHAs
            ["git", *arguments],  # noqa: S607 - the runner's own git
            cwd=self.folder,
            env=os.environ | AS_APPROVED,
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
