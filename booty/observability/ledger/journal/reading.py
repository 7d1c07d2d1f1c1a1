"""The journal as it is read: its lines in the order of time, as values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import BECAME, LINE, SECONDS, Record, shaped
from booty.observability.ledger.journal.entries import Line, Outcome, Refusals
from booty.observability.ledger.journal.lines import LONGEST_SECONDS, MOST, place_of
from booty.observability.ledger.journal.repeats import FIELD, with_count
from booty.observability.ledger.journal.turned_away import MINUTE, PREFIX, counts_in

PLAIN = {name: LINE[name] for name in Line._fields if name not in {"events", "became"}}
PLACES = tuple(map(place_of, range(MOST)))
AT_ONCE = 500


def lines_in(shelf: Shelf, *, now: float, since: float = 0.0, about: str = "") -> list[Line]:
    """Return the lines of the last week, oldest first, that were still counting at `since` (unix seconds).

    `about`: only those of that problem.
    """
    since = max(since, now - LONGEST_SECONDS)
    stored = [line for line in stored_lines(shelf, having=(about,)) if about in {"", line["fingerprint"]}]
    recent = (line for line in _counted(shelf, stored) if max(line["at"], _seconds(line.get("until"))) >= since)
    return put_together(sorted(map(_line, recent), key=lambda line: line.at))


def each_line(shelf: Shelf, *, now: float) -> Iterator[Line]:
    """Yield the lines of the last week in no order, a few hundred in memory at once: for whoever counts all of them."""
    since = now - LONGEST_SECONDS
    for at in range(0, MOST, AT_ONCE):
        for line in _counted(shelf, stored_lines(shelf, places=PLACES[at : at + AT_ONCE])):
            if max(line["at"], _seconds(line.get("until"))) >= since:
                yield _line(line)


def stored_lines(shelf: Shelf, *, having: Collection[str] = ("",), places: Iterable[str] = PLACES) -> list[Record]:
    """Return the lines as they are stored, in no order; those that hold a text of `having`."""
    return [line for line in shelf.many(places, having=having).values() if _is_line(line)]


def refusals_in(shelf: Shelf, *, since: float) -> list[Refusals]:
    """Return what was turned away in each minute since then (unix seconds), oldest first."""
    return [
        Refusals(minute * MINUTE, reason, times)
        for key, counts in shelf.many(list(shelf.under(PREFIX))).items()
        if (minute := int(key.removeprefix(PREFIX))) * MINUTE >= since - MINUTE
        for reason, times in counts_in(counts).items()
    ]


def _counted(shelf: Shelf, lines: list[Record]) -> Iterator[Record]:
    """Yield the lines; those that still count with the count that their problem's record has."""
    counting = {f"alert/{line['fingerprint']}" for line in lines if "since" in line and "times" not in line}
    records = shelf.many(counting, having=(FIELD,))
    for line in lines:
        record = records.get(f"alert/{line['fingerprint']}")
        yield with_count(line, record) if isinstance(record, dict) else line


def _is_line(stored: object) -> bool:
    """Return whether it says at least when what was decided about which problem."""
    return (
        isinstance(stored, dict)
        and isinstance(stored.get("at"), SECONDS)
        and isinstance(stored.get("fingerprint"), str)
        and isinstance(stored.get("verdict"), str)
    )


def _line(line: Record) -> Line:
    known: dict[str, Any] = {name: value for name, value in line.items() if isinstance(value, PLAIN.get(name, ()))}
    if isinstance(events := line.get("events"), list):
        known["events"] = tuple(each for each in events if isinstance(each, str))
    if isinstance(became := line.get("became"), list):
        known["became"] = tuple(_outcomes(became))
    return Line(**known)


def _seconds(value: object) -> float:
    return value if isinstance(value, SECONDS) else 0.0


def _outcomes(became: Iterable[object]) -> Iterator[Outcome]:
    for each in became:
        known = shaped(each, BECAME)
        if {"what", "at"} <= known.keys():
            yield Outcome(**{name: known[name] for name in BECAME if name in known})


def put_together(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with those in one that say the same of a problem, with nothing about it between them."""
    last: dict[str, int] = {}
    together: list[Line] = []
    for line in lines:
        before = together[last[line.fingerprint]] if line.fingerprint in last else None
        if before is not None and _what(before) == _what(line) and not (line.became or before.became):
            events = (*before.events, *line.events)
            until = line.until or line.at
            sum_of = before._replace(times=before.times + line.times, until=until, events=events)
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
