"""The journal as it is read: its lines in the order of time, as values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.ports.value import read_value
from booty.observability.ledger.engines.records import BECAME, LINE, shaped
from booty.observability.ledger.journal.entries import Line, LineOutcome, Refusals
from booty.observability.ledger.journal.lines import KEY, LONGEST_SECONDS, MOST, place_of
from booty.observability.ledger.journal.repeats import FIELD
from booty.observability.ledger.journal.turned_away import MINUTE, PREFIX, counts_in

PLAIN = {each.name: LINE[each.name] for each in fields(Line) if each.name not in {"events", "became"}}
PLACES = tuple(map(place_of, range(MOST)))
AT_ONCE = 500


class Quiet(Struct):
    """The count of a line that still counts, as its problem's record has it: see `repeats`."""

    line: int
    times: int
    until: float


class Counting(Struct):
    """What of a problem's record is read."""

    quiet: Quiet


_decode_line = msgspec.json.Decoder(Line).decode
_count_of = msgspec.json.Decoder(Counting).decode


def lines_in(shelf: Shelf, *, now: float, since: float = 0.0, about: str = "") -> list[Line]:
    """Return the lines of the last week, oldest first, that were still counting at `since` (unix seconds).

    `about`: only those of that problem.
    """
    since = max(since, now - LONGEST_SECONDS)
    lines = [line for line in all_lines(shelf, having=(about,)) if about in {"", line.fingerprint}]
    recent = [line for line in _counted(shelf, lines) if max(line.at, line.until or 0.0) >= since]
    return put_together(sorted(recent, key=lambda line: line.at))


def each_line(shelf: Shelf, *, now: float) -> Iterator[Line]:
    """Yield the lines of the last week in no order, a few hundred in memory at once: for whoever counts all of them."""
    since = now - LONGEST_SECONDS
    for at in range(0, MOST, AT_ONCE):
        for line in _counted(shelf, all_lines(shelf, places=PLACES[at : at + AT_ONCE])):
            if max(line.at, line.until or 0.0) >= since:
                yield line


def all_lines(shelf: Shelf, *, having: Collection[str] = ("",), places: Iterable[str] | None = None) -> list[Line]:
    """Return the lines without what their problems' records count, in no order; those that hold a text of `having`.

    `places`: those of them alone; else all that are taken, since most rings are far from full.
    """
    taken = shelf.under(f"{KEY}/") if places is None else places
    return [line for line in shelf.many(taken, having=having, read=_line).values() if line is not None]


def refusals_in(shelf: Shelf, *, since: float) -> list[Refusals]:
    """Return what was turned away in each minute since then (unix seconds), oldest first."""
    return [
        Refusals(minute * MINUTE, reason, times)
        for key, counts in shelf.many(list(shelf.under(PREFIX))).items()
        if (minute := int(key.removeprefix(PREFIX))) * MINUTE >= since - MINUTE
        for reason, times in counts_in(counts).items()
    ]


def _counted(shelf: Shelf, lines: list[Line]) -> Iterator[Line]:
    """Yield the lines; those that still count with the count that their problem's record has."""
    counting = {f"alert/{line.fingerprint}" for line in lines if line.since is not None and line.times == 1}
    counts = {key: each.quiet for key, each in shelf.many(counting, having=(FIELD,), read=_count_of).items()}
    for line in lines:
        quiet = counts.get(f"alert/{line.fingerprint}")
        is_its = quiet is not None and quiet.line == line.number
        yield replace(line, times=quiet.times, until=quiet.until) if quiet is not None and is_its else line


def _line(stored: bytes) -> Line | None:
    """Return a line, without what does not fit; None when it does not even say when what was decided about whom."""
    try:
        return _decode_line(stored)
    except (ValueError, RecursionError):
        line = shaped(read_value(stored), LINE)
    if not {"at", "fingerprint", "verdict"} <= line.keys():
        return None
    known: dict[str, Any] = {name: value for name, value in line.items() if name in PLAIN}
    known["events"] = tuple(each for each in line.get("events", ()) if isinstance(each, str))
    known["became"] = tuple(_outcomes(line.get("became", ())))
    return Line(**known)


def _outcomes(became: Iterable[object]) -> Iterator[LineOutcome]:
    for each in became:
        known = shaped(each, BECAME)
        if {"what", "at"} <= known.keys():
            yield LineOutcome(**{name: known[name] for name in BECAME if name in known})


def put_together(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with those in one that say the same of a problem, with nothing about it between them."""
    last: dict[str, int] = {}
    together: list[Line] = []
    for line in lines:
        before = together[last[line.fingerprint]] if line.fingerprint in last else None
        if before is not None and _what(before) == _what(line) and not (line.became or before.became):
            events = (*before.events, *line.events)
            until = line.until or line.at
            sum_of = replace(before, times=before.times + line.times, until=until, events=events)
            together[last[line.fingerprint]] = sum_of
        else:
            last[line.fingerprint] = len(together)
            together.append(line)
    return together


def _what(line: Line) -> object:
    """Return what lines have in common that are read as one; of an accepted one and a change there is each."""
    if line.verdict in {"accepted", "news"} or line.change is not None:
        return object()
    return line.verdict, line.since, line.threshold
