"""A set-up in which all is well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.set_up import SetUp, SetUpStandIn


@pytest.fixture
def up(tmp_path: Path) -> Iterator[SetUp]:
    with SetUpStandIn() as github:
        yield SetUp(tmp_path, github)
