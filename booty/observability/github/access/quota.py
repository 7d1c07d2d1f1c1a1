"""How long the hour's quota is spent: while that is known, nothing is sent.

An answer, also a success, may say that nothing is left until a time of its own
(https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from booty.observability.exchange import Answer
from booty.observability.github.answers import number_in
from booty.observability.issues.outcomes import Postponed

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
        reset = number_in(answer.headers.get("X-RateLimit-Reset"))
        if answer.headers.get("X-RateLimit-Remaining") == "0" and reset is not None:
            self._until = reset + 1
