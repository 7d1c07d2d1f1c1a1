"""What a release would change: its commits, its files since the running release.

Everything in it was written by whoever could get a commit merged: names, subjects and paths are text, not Markdown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Area(StrEnum):
    """What a file touches; the value is its heading on the approval page."""

    DROPLET = "the droplet's side"
    DEPLOY = "deploy"
    PIPELINE = "the pipeline"
    WORKFLOW = "workflows"
    ATTRIBUTES = "git's attributes"
    DEPENDENCIES = "dependencies"
    CODE = "code"
    TESTS = "tests"
    DOCUMENTS = "documents"
    OTHER = "other"


AREAS = (
    (Area.PIPELINE, re.compile(r"deploy/pipeline/.*", re.DOTALL)),
    # units, nginx, the program that the key may run: `setup` installs them
    (Area.DROPLET, re.compile(r"deploy/(droplet/.*|manifest)", re.DOTALL)),
    (Area.DEPLOY, re.compile(r"deploy\.sh|deploy(/.*)?", re.DOTALL)),
    (Area.WORKFLOW, re.compile(r"\.github(/.*)?|\.ci/.*|(docs/)?CODEOWNERS", re.DOTALL)),
    (Area.ATTRIBUTES, re.compile(r"(.*/)?\.git(attributes|modules)", re.DOTALL)),
    (
        Area.DEPENDENCIES,
        re.compile(r"(.*/)?(requirements[^/]*\.(txt|in)|pyproject\.toml|uv\.lock|constraints[^/]*\.txt)", re.DOTALL),
    ),
    (Area.TESTS, re.compile(r"(tests|bench)/.*", re.DOTALL)),
    (Area.DOCUMENTS, re.compile(r"docs/.*|.*\.(md|rst)|LICENSE", re.DOTALL)),
    (Area.CODE, re.compile(r".*\.py|script/.*|booty/.*", re.DOTALL)),
)
"""The first that matches the whole path names the area; a path may hold line ends."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as git reports it. `author` and `subject` are untrusted."""

    sha: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What lies between two releases. `removed` are the commits that the target would lose; newest first, both."""

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
