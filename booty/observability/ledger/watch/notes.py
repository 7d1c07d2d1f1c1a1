"""What one process notes in memory between two writes to the ledger.

A request or a delivery so costs the ledger nothing. `kill -9` may cost what was noted since the last write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock


class Notes:
    """Counts by name, and when things happened last (unix seconds, 0 for never); any number of threads may note."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._changing = Lock()
        self._counts: Counter[str] = Counter()
        self.heard_at = 0.0
        """When Sentry sent something last."""
        self.moved_at = 0.0
        """When the courier of this process moved last."""

    def count(self, name: str) -> None:
        """Count one more."""
        with self._changing:
            self._counts[name] += 1

    def take(self) -> Mapping[str, int]:
        """Return what was counted since the last time."""
        with self._changing:
            taken, self._counts = self._counts, Counter()
        return taken

    def give_back(self, counts: Mapping[str, int]) -> None:
        """Take back what could not be written."""
        with self._changing:
            self._counts.update(counts)
