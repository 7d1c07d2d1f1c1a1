"""How the pipe is, as far as the ledger shows it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from booty.observability.ledger.engines.engine import LAST, Ranges, Shelf
from booty.observability.ledger.repositories.names import AT
from booty.observability.ledger.schedule.due import DUE, REFUSED, in_order, queue_of
from booty.observability.ledger.schedule.gates import GATE_KEY
from booty.observability.ledger.schedule.hold_up import HoldUp, hold_up
from booty.observability.ledger.spool.standing import Spooled

MOST_READ = 50
"""Jobs whose age is read: those that are due first, among which is the oldest, unless more came at once than that."""
FRESH_SECONDS = 3600.0
"""For how long a refusal is news; afterwards `status` still names it."""


READS = (REFUSED, GATE_KEY)
RANGES: Ranges = ((f"{DUE}{AT}", "", LAST), (queue_of(""), "", LAST), (GATE_KEY, "", LAST))
"""What of the ledger shows how the pipe is."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What holds deliveries up, since when the oldest job is owed (unix seconds), whether one was refused just now."""

    hold_up: HoldUp | None = None
    oldest_at: float | None = None
    is_freshly_refused: bool = False
    spool: Spooled | None = None
    """What waits on this machine's disk for the ledger's database; None where the ledger is a file."""


def vitals_in(shelf: Shelf, now: float) -> Vitals:
    """Return how the pipe is at `now` (unix seconds)."""
    owed_since = shelf.many(list(islice(in_order(shelf), MOST_READ))).values()
    known = [since for since in owed_since if isinstance(since, int | float) and since > 1]  # an older release wrote 1
    refused_at = shelf.get(REFUSED)
    is_fresh = isinstance(refused_at, int | float) and 0 <= now - refused_at < FRESH_SECONDS
    return Vitals(
        hold_up=hold_up(shelf, now),
        oldest_at=min(known, default=None),
        is_freshly_refused=is_fresh and next(shelf.under("refused/"), None) is not None,
    )
