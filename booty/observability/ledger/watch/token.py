"""Until when the token for GitHub is valid, as GitHub said with its last answer."""

from __future__ import annotations

from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import shaped
from booty.observability.ledger.watch.shapes import TOKEN

KEY = "token"


class TokenBook:
    """The record of one token; `token` is its mark, so that another one's record does not count for it."""

    def __init__(self, engine: Engine, *, token: str) -> None:
        """Use `engine`; nothing is opened yet."""
        self._engine = engine
        self._token = token

    def note(self, expires_at: float | None) -> None:
        """Remember when it ends (unix seconds), None for never. Raises `NotStored`."""
        record = {"token": self._token, "expires_at": expires_at}
        self._engine.transact(lambda shelf: shelf.update({KEY: record}))


def expiry_in(shelf: Shelf, token: str | None = None) -> float | None:
    """Return when the token with that mark ends, None when it never does or nobody knows; any token's without one."""
    record = shaped(shelf.get(KEY), TOKEN)
    is_meant = token is None or record.get("token") == token
    expires_at: float | None = record.get("expires_at")
    return expires_at if is_meant else None
