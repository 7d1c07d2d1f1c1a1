"""What became of a decision, noted in its line when it is settled.

Every function works on the shelf of one transaction.
"""

from __future__ import annotations

from typing import Literal

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import BECAME, HISTORY, Record, shaped
from booty.observability.ledger.journal.lines import line_at, place_of
from booty.observability.ledger.schedule.jobs import STATUS

Became = Literal[
    "filed", "adopted", "updated", "reopened", "closed", "muted", "unchanged", "awaiting", "refused", "postponed",
    "retried", "linked", "digest",
]  # fmt: skip
REPEATED = frozenset({"cooldown"})
"""A line of many events, of which any may be told later."""
MOST = 8
"""Of one line; the first and the last are kept."""


def note_outcome(shelf: Shelf, name: str, became: Became, *, now: float, **more: object) -> None:
    """Note what became of the decision that the job of that name is about; `more` is what else is known.

    A decision of a release that keeps no journal has no line, nor has one of long ago: nothing is noted then.
    """
    fingerprint = name.removeprefix(STATUS)
    record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
    is_change = name.startswith(STATUS)
    line = line_at(shelf, record.get("news_line" if is_change else "line"), fingerprint=fingerprint)
    if line is not None and (is_change or line.get("verdict") in REPEATED or line.get("event") == record.get("event")):
        known = {field: value for field, value in more.items() if value is not None}
        shelf[place_of(line["number"])] = line | {"became": _followed(line.get("became", []), became, known, now)}


def _followed(before: list[object], became: Became, known: Record, now: float) -> list[object]:
    """Return the outcomes with one more; the same again is counted."""
    last = shaped(before[-1], BECAME) if before else {}
    if last.get("what") == became:
        return [*before[:-1], last | known | {"times": last.get("times", 1) + 1, "until": now}]
    after = [*before, {"what": became, "at": now, **known}]
    return after if len(after) <= MOST else [after[0], *after[-(MOST - 1) :]]
