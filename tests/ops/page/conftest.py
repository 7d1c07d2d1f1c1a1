"""One Chromium for all tests of the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.browser import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start it once."""
    with Browser() as browser:
        yield browser
