"""A repository in memory, and the store of what is known of releases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.code_search import Repository

from booty.observability.ledger.engines.sqlite import SqliteEngine


@pytest.fixture
def repository() -> Iterator[Repository]:
    repository = Repository()
    yield repository
    repository.released.set()


@pytest.fixture
def store(tmp_path: Path) -> SqliteEngine:
    return SqliteEngine(tmp_path)
