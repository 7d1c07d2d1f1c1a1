"""A question with a deadline: what was found so far, whether anybody still waits for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Inquiry(Generic[T]):
    """A search at `now` (unix seconds); `may_ask` allows calls, else only what is known is `found`."""

    found: T
    now: float
    may_ask: bool
    is_over: Event = field(default_factory=Event)
    is_late: bool = False
    is_enough: bool = False
    """What is still looked for is not worth a pause when it comes too late."""

    @property
    def is_asking(self) -> bool:
        """Calls may still be made for it."""
        return self.may_ask and not self.is_late
