"""The rank of a job among those that are due: the worst first, then what came most often, then the newest.

A rank is digits that sort as text. It follows from the history of the job's problem alone, so that an alert that is
counted moves it without reading the job; only what was tried in vain is behind, by what its own record says.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

from booty.observability.alerts.severity import RANK, Severity
from booty.observability.ledger.engines.engine import sortable
from booty.observability.ledger.engines.records import SECONDS, Record
from booty.observability.ledger.problems.counting import level

IN_PLACE, BEHIND, LAST = "1", "5", "9"
"""What a rank begins with: its own place; behind those, since nothing was taken after it failed; last, since it fails
while others are taken."""
OWN_FAILS = 6
"""How often a job fails, each time after others were taken since, before it is taken to be its own fault: of those that
a tracker fails at random, half the time, hardly one."""
LATEST = 9_999_999_999.0
EARLIEST = 1_000_000_000.0
"""Unix seconds between which every real time lies; in milliseconds they have 13 digits."""
MOST = 10**9 - 1


def rank_of(history: Record, work: Record) -> str:
    """Return the rank of the job in the record `work`, about a problem with that `history`."""
    if "behind" in work:
        return f"{LAST if work.get('fails', 0) >= OWN_FAILS else BEHIND}{sortable(real(work['behind']))}"
    worst = level(history.get("worst")) or Severity.ERROR
    happened_at = real(history.get("happened_at", history.get("claimed_at")))
    return f"{IN_PLACE}{RANK[worst]}{_how_often(history.get('count', 1))}{sortable(LATEST - happened_at)}"


def failed(work: Record, gate: Record, *, at: float, is_of_all: bool = False) -> Record:
    """Return what the record `work` has to say after a call for it failed `at` that time (unix seconds).

    What fails while nothing is taken has its place back once something is. What fails again and again while others are
    taken is to blame itself, unless the failure `is_of_all`: a limit of new issues does not hold for changes.
    """
    is_alone = not is_of_all and "failed_at" in work and gate.get("succeeded_at", 0.0) > work["failed_at"]
    return {"failed_at": at, "fails": work.get("fails", 0) + is_alone}


def behind_since(work: Record, gate: Record) -> float | None:
    """Return since when the job is behind the others, None when it has its own place."""
    failed_at = max(real(work.get("failed_at")), real(work.get("stopped_at")))
    is_behind = failed_at > real(gate.get("succeeded_at")) or work.get("fails", 0) >= OWN_FAILS
    return failed_at if is_behind else None


@lru_cache(maxsize=64)
def _how_often(count: int) -> str:
    """Return three digits, less for more, that tell counts apart by their first two digits: few alerts move a rank."""
    digits = str(max(1, min(count, MOST)))
    return f"{999 - 100 * len(digits) - int(digits[:2]):03d}"


def real(moment: object, *, otherwise: float = EARLIEST) -> float:
    """Return a stored time (unix seconds), one that can be put into a key; `otherwise` where it is none."""
    if not isinstance(moment, SECONDS) or not isfinite(moment):
        return otherwise
    return min(max(moment, EARLIEST), LATEST)
