"""A state directory, and the ledger in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.ledger_doors import Ledger


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ledger(state: Path) -> Ledger:
    return Ledger(state, keep_seconds=1.0)
