"""Of a storm the journal has one line; how often it came is counted in the problem's own record, written anyway.

The line gets the count when it is over: when the problem is accepted again, or after a day.
"""

from __future__ import annotations

from collections.abc import Callable

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import QUIET, Record, shaped
from booty.observability.ledger.journal.lines import line_at, place_of

FIELD = "quiet"
LONGEST_COUNT_SECONDS = 24 * 3600.0
"""How long one line goes on counting."""


def in_a_line(  # noqa: PLR0913 - a decision of a claim, by names
    shelf: Shelf, record: Record, fingerprint: str, begin: Callable[[], int], *, since: float | None, now: float
) -> tuple[Record, int]:
    """Count one more of what cools down from the claim at `since` (unix seconds), or `begin` a line.

    Return the problem's record, with the number of the line. None: it does not cool down.
    """
    quiet = shaped(record[FIELD], QUIET) if FIELD in record else {}
    is_same = QUIET.keys() <= quiet.keys() and quiet["since"] == since
    if is_same and 0 <= now - quiet["at"] < LONGEST_COUNT_SECONDS:
        return record | {FIELD: quiet | {"times": quiet["times"] + 1, "until": now}}, quiet["line"]
    record, line = _fold(shelf, record, fingerprint), begin()
    if since is not None:
        record = record | {FIELD: {"line": line, "since": since, "at": now, "times": 1, "until": now}}
    return record, line


def quiet_of(record: Record) -> Record | None:
    """Return the count of what cools down since the record's claim, None where nothing did."""
    quiet = shaped(record.get(FIELD), QUIET)
    return quiet if QUIET.keys() <= quiet.keys() and quiet["since"] == record.get("claimed_at") else None


def count_more(  # noqa: PLR0913 - as `in_a_line`
    shelf: Shelf, record: Record, fingerprint: str, *, line: int, times: int, until: float
) -> Record:
    """Return the record with `times` more counted in that line; one that is over is counted in itself."""
    quiet = shaped(record.get(FIELD), QUIET)
    if quiet.get("line") == line:
        return record | {FIELD: quiet | {"times": quiet.get("times", 0) + times, "until": until}}
    over = line_at(shelf, line, fingerprint=fingerprint)
    if over is not None:
        shelf[place_of(line)] = over | {"times": over.get("times", 1) + times, "until": until}
    return record


def _fold(shelf: Shelf, record: Record, fingerprint: str) -> Record:
    """Return the record without its count, which the line has from now on."""
    if FIELD not in record:
        return record
    quiet = shaped(record[FIELD], QUIET)
    line = line_at(shelf, quiet.get("line"), fingerprint=fingerprint)
    if line is not None and quiet.get("times", 1) > 1:
        shelf[place_of(line["number"])] = with_count(line, record)
    return {name: value for name, value in record.items() if name != FIELD}


def with_count(line: Record, record: Record) -> Record:
    """Return the line with its count, if the problem's record has it."""
    quiet = shaped(record.get(FIELD), QUIET)
    if quiet.keys() < QUIET.keys() or quiet["line"] != line.get("number"):
        return line
    return line | {"times": quiet["times"], "until": quiet["until"]}
