"""Why a database cannot hold a ledger, with what to do."""

from __future__ import annotations


class Unfit(Exception):
    """The database cannot hold a ledger; says why. `is_passing`: it may be over without anybody's doing."""

    def __init__(self, words: str, remedy: str, *, is_passing: bool = False) -> None:
        """Take what is wrong, what to do."""
        super().__init__(words)
        self.remedy = remedy
        self.is_passing = is_passing
