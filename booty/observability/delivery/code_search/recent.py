"""What this process learnt lately, so that it need not ask again for a while."""

from __future__ import annotations

SECONDS = 300.0
MOST = 50


class Recent:
    """The last `MOST` names that were noted, each for `SECONDS`."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._noted: dict[str, float] = {}

    def note(self, name: str, *, now: float) -> None:
        """Remember `name`; `now` in unix seconds."""
        newest = list(self._noted.items())[-(MOST - 1) :]
        self._noted = {**dict(newest), name: now}  # a new one, since a late thread may read the old

    def has(self, name: str, *, now: float) -> bool:
        """Return whether `name` was noted lately."""
        noted_at = self._noted.get(name)
        return noted_at is not None and 0 <= now - noted_at < SECONDS
