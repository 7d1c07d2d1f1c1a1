"""One transaction on an open ledger: the work of all who wait, about their names or about everything."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import psycopg

from booty.observability.ledger.engines.postgres.connection.opening import OpenLedger
from booty.observability.ledger.engines.postgres.locks import begin, keeps_to
from booty.observability.ledger.engines.turns import Turn
from booty.observability.ledger.engines.version import KEY

LEAST_SECONDS = 0.01
"""The server takes zero for any time."""
MOST_NAMES = 50
"""Each has a lock, for which the server has room: 64 for each of its connections by default."""


class Replaced(psycopg.OperationalError):
    """The table was emptied, or given a backup's records, under the open connection."""


def begun(opened: OpenLedger, turns: list[Turn[Any]], *, ends_at: float, is_alone: bool) -> frozenset[str]:
    """Begin the transaction that the turns need; return the names that it is about, none when about everything.

    What they will ask for is read at once. It may take until `ends_at` (monotonic seconds). Raises `psycopg.Error`,
    such as `Replaced`.
    """
    names = frozenset() if is_alone else _names(turns)
    opened.wire.ends_at, patience = ends_at, max(ends_at - time.monotonic(), LEAST_SECONDS)
    opened.entries.begin()
    try:
        is_lasting = any(turn.is_lasting for turn in turns)
        begin(opened.trips, names, patience=patience, is_lasting=is_lasting)
        keys = [KEY, *(key for turn in turns for key in turn.reads)]
        opened.shelf.read_ahead(keys, tuple(each for turn in turns for each in turn.ranges))
    except psycopg.Error:
        undo(opened)
        raise
    if opened.entries.own_writer != opened.own_writer:
        undo(opened)
        opened.wire.close()  # what may be used is asked when the next one is opened
        raise Replaced("the table holds other records than it did, perhaps none")
    return names


def _names(turns: list[Turn[Any]]) -> frozenset[str]:
    """Return the names that the turns are about together, none when that is everything."""
    abouts = [turn.about for turn in turns if turn.about is not None]
    names = frozenset(name for each in abouts for name in ([each] if isinstance(each, str) else each))
    return names if len(abouts) == len(turns) and len(names) <= MOST_NAMES else frozenset()


def commit(opened: OpenLedger, turns: list[Turn[Any]], names: frozenset[str]) -> bool:
    """Do the work; return False, to be undone with what is asked next, if it changed more than belongs to `names`.

    Raises `psycopg.Error`, or what any work raised; nothing is done then, as far as can be known.
    """
    try:
        results = [turn.work(opened.shelf) for turn in turns]
        opened.shelf.sync()
        is_within = not names or keeps_to(names, opened.entries.changed)
        if not is_within:
            opened.trips.forget()
            opened.trips.say("ROLLBACK")
            return False
        opened.trips.ask("COMMIT")
    except BaseException:
        undo(opened)
        raise
    for turn, result in zip(turns, results, strict=True):
        turn.results.append(result)
    return True


def undo(opened: OpenLedger) -> None:
    """Undo a transaction; the server does it where the connection no longer can."""
    opened.shelf.discard()
    opened.trips.forget()
    with suppress(psycopg.Error):
        opened.trips.ask("ROLLBACK")
