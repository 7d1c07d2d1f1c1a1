"""Until when the token for GitHub is valid, as GitHub said with its last answer."""

from __future__ import annotations

from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import shaped
from booty.observability.ledger.watch.shapes import TOKEN

KEY = "token"


class TokenBook:
    """The record of one token; `token` is its mark, so that another one's record does not count for it."""

    def __init__(self, engine: Engine, *, token: str, name: str = "") -> None:
        """Use `engine`; nothing is opened yet. `name` parts the records of several tokens: "/<name>"."""
        self._engine = engine
        self._token = token
        self._key = f"{KEY}{name}"

    def note(self, expires_at: float | None) -> None:
        """Remember when it ends (unix seconds), None for never. Raises `NotStored`."""
        record = {"token": self._token, "expires_at": expires_at}
        self._engine.transact(lambda shelf: shelf.update({self._key: record}))


def expiry_in(shelf: Shelf, *tokens: str) -> float | None:
    """Return when the first of the tokens with those marks ends, None when none does or nobody knows."""
    records = (shaped(shelf.get(key), TOKEN) for key in (KEY, *shelf.under(f"{KEY}/")))
    ends = (record.get("expires_at") for record in records if record.get("token") in tokens)
    return min((each for each in ends if each is not None), default=None)
