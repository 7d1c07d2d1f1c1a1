"""How the ledger stands: whether it can be used, what holds deliveries up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from booty.observability.ledger.findings import Findings, HeldUp
from booty.observability.ops.console.moments import moment
from booty.observability.ops.doctor.check import Check, Level, worst_of

PATIENCE_SECONDS = 120.0
"""A pause that lasts longer is worth a person's look: alerts wait for it."""
RETRY = "booty retry --all"


def check_ledger(found: Findings) -> Check:
    """Return whether the service can use the ledger."""
    return worst_of("ledger", _faults(found), otherwise=_told(found))


def _told(found: Findings) -> str:
    name = found.ledger.name if isinstance(found.ledger, Path) else found.ledger
    return f"{name}, {found.owed} owed" if name else "none yet; the first alert makes it"


def _faults(found: Findings) -> Iterator[tuple[Level, str, str]]:
    if found.unreached is not None:
        yield "FAIL", f"it cannot be read: {found.unreached}", "see the database above"
    if found.spooled[0]:
        yield "warn", f"{found.spooled[0]} wait on this machine's disk for the database", "they go when it is back"
    if found.damage is not None:
        seen = f"it is damaged: {found.damage}; where an alert comes upon that, it is set aside, and a new one begun"
        yield "FAIL", seen, f"stop the service, keep {found.ledger}* elsewhere, start it"
    if found.unwritable is not None:
        yield "FAIL", found.unwritable, "run the release that wrote it, or the command as the service's user"
    for name in found.set_aside:
        yield "FAIL", f"{name} could not be read, and may hold alerts", f"move {name} out of the state directory"


def check_deliveries(found: Findings, *, now: float, is_explained: bool) -> Check:
    """Return what holds deliveries up at `now` (unix seconds); `is_explained`: another check fails that may be why."""
    level: Level = "warn" if is_explained else "FAIL"
    return worst_of("deliveries", _hold_ups(found, level, now), otherwise=f"{found.owed} owed, nothing holds them up")


def _hold_ups(found: Findings, level: Level, now: float) -> Iterator[tuple[Level, str, str]]:
    everywhere: tuple[Findings | HeldUp, ...] = (found, *found.elsewhere)
    for held in everywhere:
        to = f"to {', '.join(held.repositories)}: " if isinstance(held, HeldUp) else ""
        if held.stop is not None:
            since = moment(held.stop.since, now=now)
            yield level, f"{to}stopped since {since}: {held.stop.reason}", f"{held.stop.remedy}, then: {RETRY}"
        elif held.pause is not None:
            is_long = held.pause.until - now > PATIENCE_SECONDS
            seen = f"{to}paused until {moment(held.pause.until, now=now)}: {held.pause.reason}"
            yield level if is_long else "warn", seen, f"wait, or end it: {RETRY}"
    if found.is_late and found.due_since:
        yield level, f"due since {moment(found.due_since, now=now)}, and nobody delivers it", "start the service"
    if found.refused:
        yield level, f"GitHub refused {len(found.refused)}: {found.refused[0].reason}", f"fix the cause, then: {RETRY}"
