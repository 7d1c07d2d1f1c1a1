"""GitHub: as answers that a test gives, and as a stand-in that keeps issues."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from responses import RequestsMock
from support.github_stand_in import GitHubStandIn


@pytest.fixture
def answers() -> Iterator[RequestsMock]:
    with RequestsMock() as mock:
        yield mock


@pytest.fixture
def real() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as stand_in:
        yield stand_in
