"""The fixtures of the workflow's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.workflow.ready import make_ready
from support.workflow.stand_in import StandIn
from support.workflow.steps import Step
from support.workflow.throwaway import Project


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


@pytest.fixture
def step(ready: Project, monkeypatch: pytest.MonkeyPatch) -> Step:
    """Return a step of the project that is ready, with its clone as the current folder."""
    monkeypatch.chdir(ready.folder)
    return Step(ready)
