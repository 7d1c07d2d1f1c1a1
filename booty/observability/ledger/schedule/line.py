"""The line of the jobs whose time has come: whose turn is next.

A line is named by what its places begin with: there is one for each repository. The first rank is done first. Nothing
starves: every tenth turn of a token belongs to the job that is owed longest of those in its repositories, once that is
over an hour, whatever its rank; so a job waits for no more than ten turns for each that was owed before it.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from booty.observability.ledger.engines.engine import LAST, Ranges, Shelf, sortable
from booty.observability.ledger.engines.records import WORK, Record, shaped
from booty.observability.ledger.schedule.due import (
    DUE,
    PLACE,
    RANK,
    belongings_of,
    history_of,
    is_in_line,
    owe,
    queue_of,
    repair,
    take_back,
)
from booty.observability.ledger.schedule.gate import LONGEST_WAIT_SECONDS
from booty.observability.ledger.schedule.ranks import BEHIND, behind_since, failed, real

AT_ONCE = 50
"""Jobs that one transaction lines up, so that no claim waits long for it."""
TURNS = 10
LONG_SECONDS = 3600.0
FIRST, END = "0001", "001"
"""Where the line's places begin, and where those of jobs that wait for their time do."""
BY_RANK = re.compile(r"rank(?:@[^/]*)?/(?P<rank>\d+)/(?P<name>.+)", re.ASCII | re.DOTALL)


def ranges_of(line: str) -> Ranges:
    """Return where whoever leases a job looks for it."""
    ranks = _ranks(line)
    return (line, "", FIRST), (line, FIRST, END), (line, END, LAST), (ranks, "", LAST), (ranks, BEHIND, LAST)


def line_up(shelf: Shelf, line: str, gate: Record, now: float) -> bool:
    """Put in line the jobs whose time has come, some at a time; return whether that were all."""
    keys = list(islice(_due(shelf, line, now), AT_ONCE))
    places = [PLACE.fullmatch(key) for key in keys]
    names = [place["name"] for place in places if place]
    shelf.many([key for name in names for key in belongings_of(name)], having=())  # each alone may cross a network
    for key, place in zip(keys, places, strict=True):
        if place is None:
            repair(shelf, key, now)
        else:
            _line_up(shelf, place, gate, now)
    return len(keys) < AT_ONCE and _let_back(shelf, line, gate)


def _due(shelf: Shelf, line: str, now: float) -> Iterator[str]:
    """Yield the keys of jobs that are due but not in line; one due far ahead was put there by a wrong clock."""
    return chain(
        shelf.under(line, until=FIRST),
        shelf.under(line, since=END, until=f"{sortable(now)}0"),
        shelf.under(line, since=f"{sortable(now + LONGEST_WAIT_SECONDS)}0"),
    )


def _line_up(shelf: Shelf, place: re.Match[str], gate: Record, now: float) -> None:
    """Put the job of that place in line; nothing, where the job is at another one."""
    name, due_at = place["name"], int(place["due"]) / 1000
    its = f"{queue_of(name)}{shaped(shelf.get(f'owed/{name}'), WORK).get('due')}/{name}"
    shelf.drop(place[0])
    record = take_back(shelf, name) if its == place[0] or its not in shelf else None
    if record is not None and "lease" in record:  # its holder died with it
        record |= failed(record, gate, at=min(due_at, now))
    _put(shelf, name, record, gate, due_at=due_at)


def _let_back(shelf: Shelf, line: str, gate: Record) -> bool:
    """Give their own places back to jobs that failed before something was taken; return whether that were all."""
    succeeded_at = sortable(real(gate.get("succeeded_at")))
    keys = list(islice(shelf.under(f"{_ranks(line)}{BEHIND}", until=succeeded_at), AT_ONCE))
    for key in keys:
        shelf.drop(key)
        place = BY_RANK.fullmatch(key)
        record = shaped(shelf.get(f"owed/{place['name']}"), WORK) if place else {}
        if place is not None and is_in_line(record):
            _put(shelf, place["name"], take_back(shelf, place["name"]), gate, due_at=int(record["due"]) / 1000)
    return len(keys) < AT_ONCE


def _put(shelf: Shelf, name: str, record: Record | None, gate: Record, *, due_at: float) -> None:
    if record is not None:
        behind = behind_since(record, gate)
        record |= {} if behind is None else {"behind": behind}
        owe(shelf, name, record, due_at=due_at, history=history_of(shelf, name))


def next_in_line(shelf: Shelf, lines: Mapping[str, Record], now: float) -> str | None:
    """Take out whose turn it is in all the `lines`, each with its gate; return the job's name, None for none."""
    places = [(place, gate) for line, gate in lines.items() if (place := _oldest(shelf, line, now))]
    if not places:
        return None
    long_owed = [
        place
        for place, gate in places
        if gate.get("turns", 0) % TURNS == TURNS - 1 and now - int(place["due"]) / 1000 > LONG_SECONDS
    ]
    name = None if long_owed else _first_by_rank(shelf, lines)
    if name is None:
        oldest = min(long_owed or [place for place, _ in places], key=lambda place: place["due"])
        shelf.drop(oldest[0])
        name = oldest["name"]
    return name


def _oldest(shelf: Shelf, line: str, now: float) -> re.Match[str] | None:
    while (key := next(shelf.under(line, since=FIRST, until=END), None)) is not None:
        if (place := PLACE.fullmatch(key)) is not None:
            return place
        repair(shelf, key, now)
    return None


def _first_by_rank(shelf: Shelf, lines: Iterable[str]) -> str | None:
    """Take out the first rank of a job that is in line; an older release may have done the job of another one."""
    while keys := [key for line in lines if (key := next(shelf.under(_ranks(line)), None))]:
        key = min(keys, key=lambda key: key.partition("/")[2])
        shelf.drop(key)
        place = BY_RANK.fullmatch(key)
        if place is None:
            continue
        shelf.many(belongings_of(place["name"]), having=())
        if is_in_line(shaped(shelf.get(f"owed/{place['name']}"), WORK)):
            return place["name"]
    return None


def next_due(shelf: Shelf, lines: Iterable[str]) -> float | None:
    """Return when the next job's time comes (unix seconds), None when none waits for it."""
    places = (PLACE.fullmatch(next(shelf.under(line, since=END), "")) for line in lines)
    return min((int(place["due"]) / 1000 for place in places if place), default=None)


def _ranks(line: str) -> str:
    return f"{RANK}{line.removeprefix(DUE)}"
