"""The door of whoever looks back into the journal. Nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.reading import NoAccess, acting_as_owner, newest, reading
from booty.observability.ledger.engines.version import NewerLedger, known_version
from booty.observability.ledger.journal.entries import Line, Refusals
from booty.observability.ledger.journal.reading import lines_in, refusals_in

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Log:
    """What was decided, what was turned away; each in the order of time."""

    lines: tuple[Line, ...] = ()
    refusals: tuple[Refusals, ...] = ()


def look_into(directory: Path, look: Callable[[Shelf], Found]) -> Found | None:
    """Return what `look` finds in the newest ledger of a directory, None where there is none. Raises `NoAccess`."""
    try:
        path = newest(directory)
        if path is None:
            return None
        with acting_as_owner(path), reading(path) as shelf:
            known_version(shelf)
            return look(shelf)
    except (sqlite3.Error, NewerLedger) as error:
        raise NoAccess(str(error)) from error
    except OSError as error:
        raise NoAccess(f"{error.filename or directory}: {error.strerror or error}") from error


def log_in(shelf: Shelf, *, since: float, now: float) -> Log:
    """Return what happened since then (unix seconds), at most a week ago."""
    return Log(tuple(lines_in(shelf, now=now, since=since)), tuple(refusals_in(shelf, since=since)))
