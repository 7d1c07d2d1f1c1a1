"""The operator's door: the ledger is looked into, what was refused is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from booty.observability.ledger.engines.engine import Damaged, NoAccess, Shelf, Work
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ledger.engines.records import GATE, HISTORY, WORK, Record, shaped
from booty.observability.ledger.engines.version import NewerLedger
from booty.observability.ledger.findings import Findings, HeldUp, Refused, WaitingJob
from booty.observability.ledger.handover.budget import today
from booty.observability.ledger.repositories.names import repository_in
from booty.observability.ledger.schedule.due import PLACE, in_order
from booty.observability.ledger.schedule.gate import gate_in, pause_in, resume, stop_in
from booty.observability.ledger.schedule.gates import GATE_KEY, TOKENS
from booty.observability.ledger.schedule.hold_up import hold_up
from booty.observability.ledger.schedule.jobs import STATUS
from booty.observability.ledger.schedule.returns import retry
from booty.observability.ledger.storm.state import open_digests, troubles_in

Found = TypeVar("Found")

MOST_SHOWN = 100
"""How many waiting jobs are read; the rest are counted."""


class Inspection:
    """The operator's door to one ledger; times are unix seconds."""

    def __init__(self, store: Store) -> None:
        """Use `store`; nothing is opened yet."""
        self._store = store

    def look(self, *, now: float) -> Findings:
        """Return what there is, without writing anything. Raises `NoAccess`."""
        seen = self._store.survey()
        found = Findings(
            ledger=seen.ledger,
            set_aside=seen.set_aside,
            free_bytes=seen.free_bytes,
            unwritable=seen.unwritable,
            unreached=seen.unreached,
            spooled=seen.spooled,
        )
        if seen.unreached is not None:
            return found
        try:
            return self._store.look(lambda shelf: _read(shelf, found, now)) or found
        except NewerLedger as error:
            return replace(found, unwritable=f"this release cannot read the ledger: {error}")
        except Damaged as error:
            return replace(found, unwritable=None, damage=str(error))

    def retry(self, name: str, *, now: float) -> bool:
        """Owe a dead letter once more; return whether there was one. Raises `NotStored`, `OSError`."""
        return self._store.change(lambda shelf: retry(shelf, name, now=now))

    def resume(self, *, now: float) -> None:
        """Let the next job be tried at once: a person has fixed what a pause or a stop was for.

        Raises `NotStored`, `OSError`.
        """
        self._store.change(lambda shelf: resume(shelf, now))


def look_into(store: Store, look: Work[Found]) -> Found | None:
    """Return what `look` finds in the ledger, None where there is none; nothing is written. Raises `NoAccess`."""
    try:
        return store.look(look)
    except NewerLedger as error:
        raise NoAccess(str(error)) from error


def _read(shelf: Shelf, found: Findings, now: float) -> Findings:
    gate = gate_in(shelf)
    places = [place for key in islice(in_order(shelf), MOST_SHOWN) if (place := PLACE.fullmatch(key))]
    names, due = [place["name"] for place in places], [int(place["due"]) / 1000 for place in places]
    day = today(shelf, now)
    return replace(
        found,
        owed=sum(1 for _ in shelf.under("owed/")),
        waiting=tuple(sorted((_waiting(shelf, name) for name in names), key=lambda each: each.since or 0.0)),
        handed_over=day.granted,
        held_back=day.held,
        refused=tuple(_refused(shelf, key) for key in shelf.under("refused/")),
        pause=pause_in(gate, now),
        stop=stop_in(gate),
        due_since=next(iter(due), None),
        is_late=hold_up(shelf, now) == "late",
        failures=gate.get("failures", 0),
        failed_for=gate.get("reason"),
        elsewhere=tuple(_elsewhere(shelf, now)),
        digests=tuple(open_digests(shelf)),
        digests_refused=tuple(troubles_in(shelf)),
    )


def _elsewhere(shelf: Shelf, now: float) -> Iterator[HeldUp]:
    """Yield what holds up other repositories than that of the settings."""
    for key in shelf.under(GATE_KEY):
        gate, repository = shaped(shelf.get(key), GATE), repository_in(key)
        pause, failures = pause_in(gate, now), gate.get("failures", 0)
        if repository is not None and (stop := stop_in(gate)) is not None:
            yield HeldUp((repository,), stop=stop)
        elif key.startswith(TOKENS) and (pause or failures):
            named = tuple(each for each in gate.get("repositories", ()) if isinstance(each, str))
            yield HeldUp(named, pause, failures=failures, failed_for=gate.get("reason"))


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
