"""A ledger that can be taken away: an engine over another one."""

from __future__ import annotations

from booty.observability.ledger.engines.engine import About, Engine, NotStored, Ranges, Result, Work


class AwayEngine:
    """An engine that stores nothing while it `is_away`, or once it stored `is_away_after` more.

    `is_cut_off`: it stores, and says that it did not.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.is_away = False
        self.is_away_after: int | None = None
        self.is_cut_off = False

    def transact(
        self,
        work: Work[Result],
        *,
        reads: tuple[str, ...] = (),
        ranges: Ranges = (),
        about: About = None,
        is_lasting: bool = True,
    ) -> Result:
        """See `Engine`."""
        if self.is_away or self.is_away_after == 0:
            raise NotStored("the database is away")
        if self.is_away_after is not None:
            self.is_away_after -= 1
        result = self._engine.transact(work, reads=reads, ranges=ranges, about=about, is_lasting=is_lasting)
        if self.is_cut_off:
            raise NotStored("the connection was cut")
        return result

    def peek(self, *keys: str) -> None:
        """See `Engine`."""

    def tidy(self) -> None:
        """See `Engine`."""
        self.transact(lambda _: None)

    def close(self) -> None:
        """See `Engine`."""
        self._engine.close()

    def free_bytes(self) -> int | None:
        """See `Engine`."""
        return None
