"""The operator's door: the ledger is looked into, what was refused is tried again.

Looking only reads: see `engines.reading`.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from itertools import islice
from pathlib import Path

from booty.observability.config.state_directory import free_bytes, rights_fault
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.ledger_file import LEDGER, LOCK
from booty.observability.ledger.engines.open_ledger import is_unreadable
from booty.observability.ledger.engines.reading import NoAccess, acting_as_owner, newest, reading
from booty.observability.ledger.engines.records import HISTORY, WORK, Record, shaped
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.version import NewerLedger, known_version
from booty.observability.ledger.findings import Findings, Refused, WaitingJob
from booty.observability.ledger.schedule.due import PLACE
from booty.observability.ledger.schedule.gate import LONGEST_PAUSE_SECONDS, gate_in, is_ahead, resume, stop_in
from booty.observability.ledger.schedule.hold_up import hold_up
from booty.observability.ledger.schedule.jobs import STATUS, Pause
from booty.observability.ledger.schedule.returns import retry

MOST_SHOWN = 100
"""How many waiting jobs are read; the rest are counted."""


class Inspection:
    """The operator's door to the newest ledger in a directory; times are unix seconds."""

    def __init__(self, directory: Path) -> None:
        """Name the directory; nothing is opened yet."""
        self._directory = directory
        self._engine = SqliteEngine(directory)

    def look(self, *, now: float) -> Findings:
        """Return what there is, without writing anything. Raises `NoAccess`."""
        try:
            found = _look_around(self._directory)
            return found if found.ledger is None else _look_into(found, found.ledger, now)
        except sqlite3.Error as error:
            raise NoAccess(str(error)) from error
        except OSError as error:
            raise NoAccess(f"{error.filename or self._directory}: {error.strerror or error}") from error

    def retry(self, name: str, *, now: float) -> bool:
        """Owe a dead letter once more; return whether there was one. Raises `NotStored`, `OSError`."""
        with acting_as_owner(newest(self._directory) or self._directory):
            return self._engine.transact(lambda shelf: retry(shelf, name, now=now))

    def resume(self, *, now: float) -> None:
        """Let the next job be tried at once: a person has fixed what a pause or a stop was for.

        Raises `NotStored`, `OSError`.
        """
        with acting_as_owner(newest(self._directory) or self._directory):
            self._engine.transact(lambda shelf: resume(shelf, now))


def _look_around(directory: Path) -> Findings:
    """Return what the names in `directory` say. Raises `OSError`, `NoAccess`."""
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
        waiting=tuple(sorted((_waiting(shelf, name) for name in names), key=lambda each: each.since or 0.0)),
        refused=tuple(_refused(shelf, key) for key in shelf.under("refused/")),
        pause=_pause(gate, now),
        stop=stop_in(gate),
        due_since=next(iter(due), None),
        is_late=hold_up(shelf, now) == "late",
        failures=gate.get("failures", 0),
        failed_for=gate.get("reason"),
    )


def _waiting(shelf: Shelf, name: str) -> WaitingJob:
    record = shaped(shelf.get(f"owed/{name}"), WORK)
    history = shaped(shelf.get(f"alert/{name.removeprefix(STATUS)}"), HISTORY)
    since = history.get("claimed_at") if "alert" in record else None
    return WaitingJob(name, since, bool(record.get("attempted_at")), _page(record))


def _refused(shelf: Shelf, key: str) -> Refused:
    record = shaped(shelf.get(key), WORK)
    return Refused(key.partition("/")[2], record.get("reason", "unknown"), record.get("refused_at", 0.0), _page(record))


def _page(record: Record) -> str | None:
    url = (record.get("alert") or record.get("news") or {}).get("sentry_url")
    return url if isinstance(url, str) else None


def _pause(gate: Record, now: float) -> Pause | None:
    until = gate.get("paused_until", 0.0)
    return Pause(until, gate.get("reason", "")) if is_ahead(until, now, within=LONGEST_PAUSE_SECONDS) else None
