"""The gate to the tracker: one job at a time, a pause after a failure, a stop while everything is refused.

Every function works on the shelf of one transaction. `token` marks the token of the one who asks: with
another one than before, neither a pause nor a stop holds.
"""

from __future__ import annotations

from booty.observability.alerts.issue import SPACING_SECONDS
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import GATE, STOP, Record, shaped
from booty.observability.ledger.schedule.jobs import Pause, Stop

LEASE_SECONDS = 30.0
"""Longer than one call to GitHub may take; it is renewed before the next one."""
LONGEST_PAUSE_SECONDS = 24 * 3600.0
"""A pause that ends later than that was written under a wrong clock."""
LONGEST_WAIT_SECONDS = 300.0
"""No job is put off longer by itself: a clock set back by an hour must not hold deliveries up for an hour."""
FIRST_TRY_SECONDS = 50.0
LONGEST_STOP_SECONDS = 3600.0
"""After a stop it is tried again within a minute, then after two, four and so on, at last every hour."""


def gate_in(shelf: Shelf) -> Record:
    """Return the gate's record; empty when there is none."""
    return shaped(shelf.get("gate"), GATE)


def closed_until(gate: Record, now: float, *, token: str) -> float | None:
    """Return until when nobody may call the tracker, None when it may be called."""
    moments = [gate.get("busy_until", 0.0)]
    if gate.get("token", token) == token:
        stop = stop_in(gate)
        moments += [gate.get("paused_until", 0.0), stop.next_at if stop else 0.0]
    ahead = [moment for moment in moments if is_ahead(moment, now, within=LONGEST_PAUSE_SECONDS)]
    return max(ahead, default=None)


def is_ahead(moment: float, now: float, *, within: float) -> bool:
    """Return whether to wait for `moment`; one that lies too far ahead was written under a wrong clock."""
    return now < moment <= now + within


def hold(shelf: Shelf, gate: Record, lease: str, now: float, *, token: str) -> None:
    """Close the gate behind the job that was leased."""
    if gate.get("token") != token:  # what was taken from another proves nothing
        gate = {name: value for name, value in gate.items() if name != "succeeded_at"}
    held = {"holder": lease, "at": now, "began_at": now, "busy_until": now + LEASE_SECONDS, "token": token}
    shelf["gate"] = gate | held


def hold_longer(shelf: Shelf, lease: str, now: float) -> bool:
    """Keep the gate closed for another lease; return False when it was taken by another one."""
    gate = gate_in(shelf)
    if gate.get("holder") != lease:
        return False
    shelf["gate"] = gate | {"at": now, "busy_until": now + LEASE_SECONDS}
    return True


def open_gate(shelf: Shelf, lease: str, now: float, *, pause: Pause | None = None, is_proof: bool = True) -> None:
    """Let the next job begin after the spacing, or after the pause; only the holder opens the gate.

    Only what proves that the tracker takes something ends a stop; otherwise the next job is tried.
    """
    gate = gate_in(shelf)
    if gate.get("holder") != lease:
        return
    opened = _opened(gate, now) | {"failures": gate.get("failures", 0) + 1 if pause else 0}
    if pause:
        opened |= {"paused_until": pause.until, "reason": pause.reason}
    elif is_proof:
        opened["succeeded_at"] = now
    stop = stop_in(gate)
    if stop is not None and (pause or not is_proof):
        opened["stopped"] = gate["stopped"] | {"next_at": pause.until if pause else now}
    shelf["gate"] = opened


def stop(shelf: Shelf, now: float, *, reason: str, remedy: str) -> Stop:
    """Let nobody through until the tracker has been asked again, whoever holds the gate; return the stop."""
    gate = gate_in(shelf)
    before = stop_in(gate)
    tries = before.tries + 1 if before else 0
    wait = min(60.0 * 2 ** min(tries, 10), LONGEST_STOP_SECONDS) if tries else FIRST_TRY_SECONDS
    stopped = Stop(reason, remedy, before.since if before else now, tries, now + wait)
    shelf["gate"] = _opened(gate, now) | {"stopped": {name: getattr(stopped, name) for name in STOP}}
    return stopped


def resume(shelf: Shelf, now: float) -> None:
    """Let the next job be tried at once, whatever pause or stop there is."""
    gate = gate_in(shelf)
    if "stopped" in gate:
        gate["stopped"] |= {"next_at": now}
    shelf["gate"] = {name: value for name, value in gate.items() if name not in {"paused_until", "reason"}}


def stop_in(gate: Record) -> Stop | None:
    """Return the stop that is in force."""
    record = shaped(gate.get("stopped"), STOP)
    return Stop(**{name: record[name] for name in STOP}) if STOP.keys() <= record.keys() else None


def _opened(gate: Record, now: float) -> Record:
    kept = {name: gate[name] for name in ("token", "succeeded_at") if name in gate}
    return kept | {"at": now, "busy_until": now + SPACING_SECONDS}
