"""What the operator is shown of a state directory: what waits, what was refused, what holds deliveries up.

It only looks: see `ledger_reading`.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from booty.observability.config.state_directory import free_bytes, rights_fault
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.ledger_file import LEDGER, LOCK
from booty.observability.ledger.engines.open_ledger import is_unreadable
from booty.observability.ledger.engines.reading import acting_as_owner, newest, reading
from booty.observability.ledger.engines.records import HISTORY, WORK, Record, shaped
from booty.observability.ledger.engines.version import NewerLedger, known_version
from booty.observability.ledger.schedule.due import PLACE
from booty.observability.ledger.schedule.gate import LONGEST_PAUSE_SECONDS, gate_in, is_ahead, stop_in
from booty.observability.ledger.schedule.hold_up import hold_up
from booty.observability.ledger.schedule.jobs import NEWS, Pause, Stop

MOST_SHOWN = 100
"""How many pieces of owed work are read; the rest are counted."""
LEAST_SPACE = 1024 * 1024
"""Bytes; the log of several alerts is written before it shrinks."""


class NoAccess(Exception):
    """The ledger cannot be read: by this user, or by anybody."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Work that waits: for which problem, since when (unix seconds, None when unknown), and its page in Sentry.

    `is_doubtful`: a post was begun whose outcome is not known.
    """

    fingerprint: str
    since: float | None
    is_doubtful: bool
    sentry_url: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """An alert that GitHub refused, with GitHub's words."""

    fingerprint: str
    reason: str
    refused_at: float
    sentry_url: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the state directory holds; `ledger` is None where there is none yet.

    `owed` counts all that waits, `waiting` are the first that are due, oldest first; `due_since` is when the first of
    it was due, and `is_late` that nobody does it. `failures` counts the calls to GitHub that failed in a row, the last
    of them for `failed_for`. `damage` says why the ledger cannot be read,
    `unwritable` why the service cannot write to it, `set_aside` names those that could not be read before, `free_bytes`
    is the room that is left.
    """

    ledger: Path | None = None
    owed: int = 0
    waiting: tuple[Owed, ...] = ()
    refused: tuple[Refused, ...] = ()
    pause: Pause | None = None
    stop: Stop | None = None
    due_since: float | None = None
    is_late: bool = False
    failures: int = 0
    failed_for: str | None = None
    damage: str | None = None
    unwritable: str | None = None
    set_aside: tuple[str, ...] = ()
    free_bytes: int | None = None

    @property
    def lacks_space(self) -> bool:
        """Alerts are refused, or soon will be, since there is no room for them."""
        return self.free_bytes is not None and self.free_bytes < LEAST_SPACE


def inspect(directory: Path, *, now: float) -> Findings:
    """Look at the newest ledger in `directory`. Raises `NoAccess`."""
    try:
        found = _look_around(directory)
        return found if found.ledger is None else _look_into(found, found.ledger, now)
    except sqlite3.Error as error:
        raise NoAccess(str(error)) from error
    except OSError as error:
        raise NoAccess(f"{error.filename or directory}: {error.strerror or error}") from error


def _look_around(directory: Path) -> Findings:
    """Return what the names in `directory` tell. Raises `OSError`, `NoAccess`."""
    if not directory.exists():
        return Findings()
    lock = directory / LOCK
    if lock.exists() and not lock.is_file():
        raise NoAccess(f"{lock} is not a file")
    found = (LEDGER.fullmatch(path.name) for path in directory.iterdir())
    return Findings(
        ledger=newest(directory),
        set_aside=tuple(sorted(match[0] for match in found if match and match[2] == ".unreadable")),
        free_bytes=free_bytes(directory),
    )


def _look_into(found: Findings, path: Path, now: float) -> Findings:
    """Add what the ledger at `path` holds. Raises `OSError`, `sqlite3.Error`."""
    try:
        with acting_as_owner(path), reading(path) as shelf:
            known_version(shelf)
            return replace(_read(shelf, found, now), unwritable=rights_fault(path.parent))
    except NewerLedger as error:
        return replace(found, unwritable=f"this release cannot read the ledger: {error}")
    except sqlite3.DatabaseError as error:
        if not is_unreadable(error):
            raise
        return replace(found, damage=str(error))


def _read(shelf: Shelf, found: Findings, now: float) -> Findings:
    gate = gate_in(shelf)
    places = [place for key in islice(shelf.under("due/"), MOST_SHOWN) if (place := PLACE.fullmatch(key))]
    names, due = [place["name"] for place in places], [int(place["due"]) / 1000 for place in places]
    return replace(
        found,
        owed=sum(1 for _ in shelf.under("owed/")),
        waiting=tuple(sorted((_owed(shelf, name) for name in names), key=lambda each: each.since or 0.0)),
        refused=tuple(_refused(shelf, key) for key in shelf.under("refused/")),
        pause=_pause(gate, now),
        stop=stop_in(gate),
        due_since=next(iter(due), None),
        is_late=hold_up(shelf, now) == "late",
        failures=gate.get("failures", 0),
        failed_for=gate.get("reason"),
    )


def _owed(shelf: Shelf, name: str) -> Owed:
    record = shaped(shelf.get(f"owed/{name}"), WORK)
    history = shaped(shelf.get(f"alert/{name.removeprefix(NEWS)}"), HISTORY)
    since = history.get("claimed_at") if "alert" in record else None
    return Owed(name, since, bool(record.get("attempted_at")), _page(record))


def _refused(shelf: Shelf, key: str) -> Refused:
    record = shaped(shelf.get(key), WORK)
    return Refused(key.partition("/")[2], record.get("reason", "unknown"), record.get("refused_at", 0.0), _page(record))


def _page(record: Record) -> str | None:
    url = (record.get("alert") or record.get("news") or {}).get("sentry_url")
    return url if isinstance(url, str) else None


def _pause(gate: Record, now: float) -> Pause | None:
    until = gate.get("paused_until", 0.0)
    return Pause(until, gate.get("reason", "")) if is_ahead(until, now, within=LONGEST_PAUSE_SECONDS) else None
