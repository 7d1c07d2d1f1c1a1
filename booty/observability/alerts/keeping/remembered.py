"""What was made of a key before, as much of it as there is room for."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

SHARE = 20
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(dict[K, V]):
    """Values by what they were made of; all are forgotten when there is no more room, whoever filled it.

    What would take more than a `SHARE`-th of the room is made each time.
    """

    def __init__(self, room: int) -> None:
        """Take at most `room` bytes, about."""
        super().__init__()
        self._room = self._left = room

    def keep(self, key: K, value: V, size: int) -> V:
        """Remember and return `value`; with its key it takes `size` bytes, about."""
        if size * SHARE > self._room:
            return value
        self._left -= size
        if self._left < 0:
            self.clear()
            self._left = self._room - size
        self[key] = value
        return value
