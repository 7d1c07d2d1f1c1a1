"""The release that this service itself runs: noted while it runs, since nobody else can name it."""

from __future__ import annotations

from booty.observability.alerts.release import commit_of
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.releases.live import LiveBook

NOTE_SECONDS = 600.0


class OwnRelease:
    """Notes the release of this process; one for each process. Times are unix seconds."""

    def __init__(self, engine: Engine, release: str | None, environment: str, *, keep_seconds: float) -> None:
        """Take its name, which may be of no commit: then nothing is noted. Nothing is opened yet."""
        self._book = LiveBook(engine)
        self._release = release if commit_of(release) is not None else None
        self._environment = environment
        self._keep_seconds = keep_seconds
        self._noted_at: float | None = None

    def give(self, now: float) -> None:
        """Note it, every ten minutes. Raises `NotStored`."""
        is_noted = self._noted_at is not None and 0 <= now - self._noted_at < NOTE_SECONDS
        if self._release is not None and not is_noted:
            self._book.note_own(self._release, self._environment, now=now, keep_seconds=self._keep_seconds)
            self._noted_at = now
