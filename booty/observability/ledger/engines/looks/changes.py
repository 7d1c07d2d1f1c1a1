"""When a ledger was changed last, as those who change it note it: told from memory, at no cost."""

from __future__ import annotations

import mmap
import os
from pathlib import Path

from booty.observability.ledger.engines.ledger_file import LOCK, MARK_BYTES


class Changes:
    """The mark at the beginning of the lock's file, which each commit of a release that knows of it replaces."""

    def __init__(self, directory: Path) -> None:
        """Map the file, which the first commit makes that long. Raises `OSError`, `ValueError`: it is not yet."""
        file = os.open(directory / LOCK, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._mark = mmap.mmap(file, MARK_BYTES, access=mmap.ACCESS_READ)
        finally:
            os.close(file)

    def mark(self) -> bytes:
        """Return what is another value after every commit."""
        return self._mark[:]
