"""How long GitHub wants to be left alone: while that is known, nothing is sent.

The hour's quota is spent when an answer, also a success, has none left until a time of its own. A write that is to
come again after so many seconds is believed; said again and again, for twice as long each time: GitHub names a minute
even while the quota of the hour is spent (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
A read that is limited so holds up nothing else here, since an issue does not wait for what would only adorn it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from booty.observability.exchange import Answer
from booty.observability.issues.outcomes import Postponed

LIMITED = frozenset({403, 429})
LONGEST_SECONDS = 8 * 60.0
HOUR_SECONDS = 3600.0


class Quota:
    """What the answers to one token's calls say of it; `clock` gives unix seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Know of no limit yet."""
        self._clock = clock
        self._until = 0.0
        self._limits = 0

    def require(self) -> None:
        """Raise `Postponed` while nothing may be sent."""
        left = self._until - self._clock()
        if 0 < left <= HOUR_SECONDS:
            raise Postponed("GitHub's limit is not over yet", pause_seconds=left, is_limit=True)

    def note(self, answer: Answer, *, is_write: bool) -> None:
        """Learn from an answer to a call; `is_write` tells whether it was to change something."""
        now, headers = self._clock(), answer.headers
        after, reset = (_number(headers.get(name)) for name in ("Retry-After", "X-RateLimit-Reset"))
        if is_write and answer.status in LIMITED and after is not None:
            self._limits += 1
            wait = min(after * 2 ** min(self._limits - 1, 10), max(after, LONGEST_SECONDS))
            self._until = now + wait
        elif headers.get("X-RateLimit-Remaining") == "0" and reset is not None:
            self._until = reset + 1
        elif is_write and answer.status // 100 == 2:  # noqa: PLR2004 - the class of a status is its first digit
            self._limits = 0


def _number(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() and len(text) <= 12 else None  # noqa: PLR2004 - a unix time has ten
