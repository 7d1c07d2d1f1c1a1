"""One droplet for all tests of this folder: set up, with one release that serves. Each test leaves it serving."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.throwaway.droplet import Droplet, made
from support.throwaway.repository import Repository


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Make a clone with a service that works."""
    return Repository(tmp_path_factory.mktemp("clone") / "repository")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Make a clone of the project as it stands here."""
    return Repository(tmp_path_factory.mktemp("real") / "repository", real=True)


@pytest.fixture(scope="session")
def fresh_droplet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Droplet]:
    """Boot a droplet as its provider hands it out."""
    keys: Path = tmp_path_factory.mktemp("keys")
    droplet = made(name=f"booty-{os.getpid()}", folder=keys)
    yield droplet
    droplet.destroy()


@pytest.fixture(scope="session")
def droplet(fresh_droplet: Droplet, repository: Repository) -> Droplet:
    """Make it a droplet that is set up and serves a first release."""
    prepared = fresh_droplet.deploy_sh(repository, "setup", SERVER_NAME="localhost")
    assert prepared.code == 0, prepared.output
    fresh_droplet.write("/etc/booty/secrets.env", "SENTRY_WEBHOOK_SECRET=the-secret-of-the-droplet\n")
    first = fresh_droplet.deploy_sh(repository, "deploy")
    assert first.code == 0, first.output
    return fresh_droplet


@pytest.fixture
def old(droplet: Droplet, repository: Repository) -> str:
    """Return the release that serves when a test begins, and is healthy; the clone is at it."""
    current = droplet.current()
    assert droplet.answers() == f"booty@{current}"
    repository.git("reset", "--quiet", "--hard", current)
    return current
