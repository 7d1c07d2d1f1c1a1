"""Assignments that are owed: an issue exists to which somebody is still to be assigned.

Each goes through the gate as a job does: one at a time, a second after the call before, leased, and taken over when its
holder dies.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace

from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import Record, Shape, shaped
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.gate import (
    LEASE_SECONDS,
    LONGEST_WAIT_SECONDS,
    closed_until,
    gate_in,
    hold,
    hold_longer,
    is_ahead,
    open_gate,
    stop_in,
)
from booty.observability.ledger.schedule.gates import HOME, Gates, GatesOf
from booty.observability.ledger.schedule.jobs import STATUS, Pause

PREFIX = "assignment/"
PLACE = re.compile(r"assignment/(?P<due>\d{15,17})/(?P<name>.+)", re.ASCII | re.DOTALL)
ASSIGNMENT: Shape = {
    "issue": int,
    "assignees": list,
    "has_agent": bool,
    "is_again": bool,
    "is_off": bool,
    "tries": int,
    "lease": str,
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to be assigned to the issue of the problem `fingerprint`; `has_agent`: the coding agent, too.

    `repository` is None for that of the settings.
    `is_again`: it was before, and starts anew only when it is taken off first; `is_off`: that was done.
    """

    fingerprint: str
    issue: int
    assignees: tuple[str, ...] = ()
    has_agent: bool = False
    is_again: bool = False
    is_off: bool = False
    tries: int = 0
    lease: str = ""
    repository: str | None = None
    gates: Gates = HOME
    failures: int = 0
    """How many calls failed in a row, whatever they were for."""


def owe_assignment(shelf: Shelf, wanted: Assignment, *, now: float) -> None:
    """Owe it from `now` on, in place of any other of that problem."""
    for key in [key for key in shelf.under(PREFIX) if key.endswith(f"/{wanted.fingerprint}")]:
        del shelf[key]
    _put(shelf, wanted, due_at=now)


def lease_assignment(shelf: Shelf, now: float, *, gates_of: GatesOf, home: Home) -> Assignment | None:
    """Take the assignment that is due, None when none is, or nobody may call the tracker for it.

    While everything is refused, and while the problem has a job that is not done, it waits.
    """
    for place in filter(None, map(PLACE.fullmatch, shelf.under(PREFIX))):
        name, repository = place["name"], home.repository(shelf, place["name"])
        if is_ahead(int(place["due"]) / 1000, now, within=LONGEST_WAIT_SECONDS):
            return None
        gates, has_job = gates_of(repository), f"owed/{name}" in shelf or f"owed/{STATUS}{name}" in shelf
        if has_job or stop_in(gate_in(shelf, gates)) or closed_until(shelf, gates, now) is not None:
            continue
        record = shaped(shelf.pop(place[0], None), ASSIGNMENT)
        if "issue" in record:
            return _take(shelf, record, name, now, gates=gates, repository=repository)
    return None


def _take(shelf: Shelf, record: Record, name: str, now: float, *, gates: Gates, repository: str | None) -> Assignment:  # noqa: PLR0913 - all that makes one
    gate = gate_in(shelf, gates)
    taken = Assignment(
        name,
        record["issue"],
        tuple(login for login in record.get("assignees", ()) if isinstance(login, str)),
        has_agent=record.get("has_agent", False),
        is_again=record.get("is_again", False),
        is_off=record.get("is_off", False),
        tries=record.get("tries", 0),
        lease=uuid.uuid4().hex,
        repository=repository,
        gates=gates,
        failures=gate.get("failures", 0),
    )
    hold(shelf, gates, gate, taken.lease, now)
    _put(shelf, taken, due_at=now + LEASE_SECONDS)
    return taken


def renew_assignment(shelf: Shelf, held: Assignment, now: float) -> bool:
    """Hold it for another lease, as it is now; return False when another holder may have it."""
    key = _key_of(shelf, held)
    if key is None or not hold_longer(shelf, held.gates, held.lease, now):
        return False
    del shelf[key]
    _put(shelf, held, due_at=now + LEASE_SECONDS)
    return True


def end_assignment(shelf: Shelf, held: Assignment, now: float) -> None:
    """Take it out: it is done."""
    open_gate(shelf, held.gates, held.lease, now)
    if (key := _key_of(shelf, held)) is not None:
        del shelf[key]


def put_off_assignment(shelf: Shelf, held: Assignment, now: float, *, due_at: float, pause: Pause | None) -> None:
    """Give it back until `due_at`; `pause` when the call failed."""
    open_gate(shelf, held.gates, held.lease, now, pause=pause, is_proof=False)
    if (key := _key_of(shelf, held)) is not None:
        del shelf[key]
        _put(shelf, replace(held, tries=held.tries + 1), due_at=due_at)


def _key_of(shelf: Shelf, held: Assignment) -> str | None:
    """Return where it is, None when somebody else has it."""
    keys = (key for key in shelf.under(PREFIX) if key.endswith(f"/{held.fingerprint}"))
    return next((key for key in keys if shaped(shelf.get(key), ASSIGNMENT).get("lease") == held.lease), None)


def _put(shelf: Shelf, wanted: Assignment, *, due_at: float) -> None:
    record = {name: getattr(wanted, name) for name in ASSIGNMENT} | {"assignees": list(wanted.assignees)}
    shelf[f"{PREFIX}{sortable(due_at)}/{wanted.fingerprint}"] = record
