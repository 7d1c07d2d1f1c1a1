"""The fixtures of the workflow's tests, and the way to the programs that they run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".github" / "deploy"))  # as Python does for a program that is run by its path

from workflow.ready import make_ready  # noqa: E402 - the tests' folder comes first
from workflow.stand_in import StandIn  # noqa: E402 - the same
from workflow.throwaway import Project  # noqa: E402 - the same


@pytest.fixture
def outside() -> Iterator[StandIn]:
    """Serve what the workflow meets: GitHub's API, the public address, Sentry."""
    with StandIn() as server:
        yield server


@pytest.fixture
def project(tmp_path: Path, outside: StandIn) -> Project:
    """Make a repository with this project's workflow and a deploy.sh that does what the test says."""
    return Project.make(tmp_path, outside)


@pytest.fixture
def ready(project: Project) -> Project:
    """Return the project ready for an approved deploy."""
    make_ready(project)
    return project
