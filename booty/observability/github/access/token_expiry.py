"""The end of the token's life, which GitHub names with each answer."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime

from booty.observability.exchange import Answer
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.watch.token import TokenBook

HEADER = "GitHub-Authentication-Token-Expiration"
ZONE = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)


class TokenExpiry:
    """Keeps in the book what GitHub says; a write only when it says something else than before."""

    def __init__(self, book: TokenBook, *, is_renewed: bool = False) -> None:
        """Take the book; nothing is opened yet. `is_renewed`: an App makes new tokens, so that none has to."""
        self._book = book
        self._is_renewed = is_renewed
        self._noted: tuple[float | None] | None = None

    def notice(self, answer: Answer) -> None:
        """Take note of one answer; a token without an end has successes without the header."""
        expires_at = None if self._is_renewed else expiry(answer.headers.get(HEADER, ""))
        is_told = expires_at is not None or answer.status // 100 == 2  # noqa: PLR2004 - the class of a status is its first digit
        if not is_told or self._noted == (expires_at,):
            return
        with suppress(NotStored):  # the store said so itself; with the next answer it is tried again
            self._book.note(expires_at)
            self._noted = (expires_at,)


def expiry(text: str) -> float | None:
    """Return the moment (unix seconds) in a header such as `2027-10-12 09:00:00 UTC`, None where there is none."""
    try:
        moment = datetime.fromisoformat(ZONE.sub("+00:00", text.strip()).replace(" +", "+").replace(" -", "-"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
