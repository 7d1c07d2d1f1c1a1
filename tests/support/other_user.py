"""Another user, for tests of what a user may not do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

NOBODY = 65534


@contextmanager
def acting_as_nobody() -> Iterator[None]:
    """Act as a user without rights where the tests run as root, who may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def nobodys_directory() -> Iterator[Path]:
    """Make a state directory of that user's; in pytest's own directories another user could not even look."""
    with TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        state = Path(home) / "state"
        state.mkdir(mode=0o700)
        os.chown(state, NOBODY, NOBODY)
        yield state
