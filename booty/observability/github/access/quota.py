"""How long the hour's quota is spent: while that is known, nothing is sent, by whomever.

An answer, also a success, may say that nothing is left until a time of its own
(https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from booty.observability.exchange import Answer
from booty.observability.github.answers import LIMITED, limit_in, number_in
from booty.observability.issues.outcomes import LIMIT_SECONDS, LONGEST_PAUSE_SECONDS, Postponed
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.watch.quota import QuotaBook

HOUR_SECONDS = 3600.0


class Quota:
    """What the answers to one token's calls say of it; `clock` gives unix seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Know of no limit yet."""
        self._clock = clock
        self._until = 0.0

    def require(self) -> None:
        """Raise `Postponed` while nothing may be sent."""
        left = self._until - self._clock()
        if 0 < left <= HOUR_SECONDS:
            raise Postponed("GitHub's limit is not over yet", pause_seconds=left, is_limit=True)

    def note(self, answer: Answer) -> None:
        """Learn from an answer."""
        if (until := _spent_until(answer)) is not None:
            self._until = until


class SharedQuota:
    """Tells the book, and with it whoever else calls with the same token, when an answer says that it is limited."""

    def __init__(self, book: QuotaBook, clock: Callable[[], float] = time.time) -> None:
        """Take the book; nothing is opened yet."""
        self._book = book
        self._clock = clock

    def notice(self, answer: Answer) -> None:
        """Take note of one answer."""
        now, limit = self._clock(), limit_in(answer) if answer.status in LIMITED else None
        left, reason = (_spent_until(answer) or now) - now, "GitHub allows no more calls in this hour"
        if limit is not None:
            left, reason = max(limit.pause_seconds or LIMIT_SECONDS, 0.0), str(limit)
        elif left > HOUR_SECONDS:  # a clock is wrong
            return
        if left > 0:
            with suppress(NotStored):  # the store said so itself; whoever called waits all the same
                self._book.spend(until=now + min(left, LONGEST_PAUSE_SECONDS), reason=reason)


def _spent_until(answer: Answer) -> float | None:
    """Return when the quota is anew (unix seconds), None when some is left."""
    reset = number_in(answer.headers.get("X-RateLimit-Reset"))
    return reset + 1 if answer.headers.get("X-RateLimit-Remaining") == "0" and reset is not None else None
