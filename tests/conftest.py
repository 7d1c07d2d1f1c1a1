"""What every test starts from."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("shared machine", deadline=None)  # the time of an example says nothing beside other work
settings.load_profile("shared machine")


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """Leave the log of the process as it was found: mounted in a host, the service shows its own lines there."""
    ours = logging.getLogger("booty")
    level, handlers = ours.level, [*ours.handlers]
    yield
    ours.setLevel(level)
    ours.handlers[:] = handlers
