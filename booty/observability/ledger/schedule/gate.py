"""The gate to the tracker: one job at a time, a pause after a failure, a stop while everything is refused.

Every function works on the shelf of one transaction. A token's gate keeps the pace and the pauses, a repository's own
the stops and what was taken; `gates_of` says which they are. With another token than before, neither a pause nor a stop
holds.
"""

from __future__ import annotations

from booty.observability.alerts.issue import SPACING_SECONDS
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import GATE, STOP, Record, shaped
from booty.observability.ledger.schedule.gates import GATE_KEY, HOME, Gates
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
OWN = ("stopped", "succeeded_at")
"""What of a gate is the repository's own, whatever others are reached with the same token."""


def gate_in(shelf: Shelf, gates: Gates = HOME) -> Record:
    """Return the record of both gates on the way to a repository, as if they were one; empty when there is none."""
    shared = shaped(shelf.get(gates.shared), GATE)
    if gates.own == gates.shared:
        return shared
    own = shaped(shelf.get(gates.own), GATE)
    of_token = {name: value for name, value in shared.items() if name not in OWN}
    return of_token | {name: own[name] for name in (*OWN, "token") if name in own}


def _put(shelf: Shelf, gates: Gates, gate: Record) -> None:
    """Write what is known of the way to a repository into both of its gates."""
    if gates.own == gates.shared:
        shelf[gates.own] = gate
        return
    before = shaped(shelf.get(gates.shared), GATE)
    others = {name: before[name] for name in OWN if name in before}  # the settings' repository has them here
    of_token = {name: value for name, value in gate.items() if name not in OWN}
    shelf[gates.shared] = of_token | others | ({"repositories": list(gates.repositories)} if gates.repositories else {})
    shelf[gates.own] = {name: gate[name] for name in (*OWN, "token") if name in gate}


def closed_until(shelf: Shelf, gates: Gates, now: float) -> float | None:
    """Return until when nobody may call the tracker that way, None when it may be called."""
    shared, own = (shaped(shelf.get(key), GATE) for key in (gates.shared, gates.own))
    moments = [shared.get("busy_until", 0.0)]
    if shared.get("token", gates.token) == gates.token:
        moments.append(shared.get("paused_until", 0.0))
    if own.get("token", gates.token) == gates.token and (stop := stop_in(own)) is not None:
        moments.append(stop.next_at)
    ahead = [moment for moment in moments if is_ahead(moment, now, within=LONGEST_PAUSE_SECONDS)]
    return max(ahead, default=None)


def is_ahead(moment: float, now: float, *, within: float) -> bool:
    """Return whether to wait for `moment`; one that lies too far ahead was written under a wrong clock."""
    return now < moment <= now + within


def hold(shelf: Shelf, gates: Gates, gate: Record, lease: str, now: float) -> None:
    """Close the gate behind the job that was leased."""
    if gate.get("token") != gates.token:  # what another met with proves nothing
        gate = {name: value for name, value in gate.items() if name not in {"succeeded_at", "paused_until", "reason"}}
    held = {"holder": lease, "at": now, "began_at": now, "busy_until": now + LEASE_SECONDS, "token": gates.token}
    _put(shelf, gates, gate | held)


def hold_longer(shelf: Shelf, gates: Gates, lease: str, now: float) -> bool:
    """Keep the gate closed for another lease; return False when another one took it, or there is a pause since."""
    gate = gate_in(shelf, gates)
    if gate.get("holder") != lease or pause_in(gate, now) is not None:
        return False
    _put(shelf, gates, gate | {"at": now, "busy_until": now + LEASE_SECONDS})
    return True


def open_gate(  # noqa: PLR0913 - what is known of the call, by names
    shelf: Shelf, gates: Gates, lease: str, now: float, *, pause: Pause | None = None, is_proof: bool = True
) -> None:
    """Let the next job begin after the spacing, or after the pause; only the holder opens the gate.

    Only what proves that the tracker takes something ends a stop; otherwise the next job is tried.
    """
    gate = gate_in(shelf, gates)
    if gate.get("holder") != lease:
        return
    opened = _opened(gate, now) | {"failures": gate.get("failures", 0) + 1 if pause else 0}
    if pause and pause.until > opened.get("paused_until", 0.0):
        opened |= {"paused_until": pause.until, "reason": pause.reason}
    elif is_proof and not pause:
        opened["succeeded_at"] = now
    stop = stop_in(gate)
    if stop is not None and (pause or not is_proof):
        opened["stopped"] = gate["stopped"] | {"next_at": pause.until if pause else now}
    _put(shelf, gates, opened)


def stop(shelf: Shelf, gates: Gates, now: float, *, reason: str, remedy: str) -> Stop:
    """Let nobody through until the tracker has been asked again, whoever holds the gate; return the stop."""
    gate = gate_in(shelf, gates)
    before = stop_in(gate)
    tries = before.tries + 1 if before else 0
    wait = min(60.0 * 2 ** min(tries, 10), LONGEST_STOP_SECONDS) if tries else FIRST_TRY_SECONDS
    stopped = Stop(reason, remedy, before.since if before else now, tries, now + wait)
    _put(shelf, gates, _opened(gate, now) | {"stopped": {name: getattr(stopped, name) for name in STOP}})
    return stopped


def pause(shelf: Shelf, gates: Gates, until: float, reason: str) -> None:
    """Let nobody through who has that token until then, whoever holds the gate; a longer pause stays."""
    gate = gate_in(shelf, gates)
    if gate.get("token", gates.token) == gates.token and until > gate.get("paused_until", 0.0):
        _put(shelf, gates, gate | {"paused_until": until, "reason": reason, "token": gates.token})


def resume(shelf: Shelf, now: float) -> None:
    """Let the next job be tried at once, whatever pauses or stops there are."""
    for key in list(shelf.under(GATE_KEY)):
        gate = shaped(shelf.get(key), GATE)
        if "stopped" in gate:
            gate["stopped"] |= {"next_at": now}
        shelf[key] = {name: value for name, value in gate.items() if name not in {"paused_until", "reason"}}


def pause_in(gate: Record, now: float) -> Pause | None:
    """Return the pause that is in force at `now`."""
    until = gate.get("paused_until", 0.0)
    return Pause(until, gate.get("reason", "")) if is_ahead(until, now, within=LONGEST_PAUSE_SECONDS) else None


def stop_in(gate: Record) -> Stop | None:
    """Return the stop that is in force."""
    record = shaped(gate.get("stopped"), STOP)
    return Stop(**{name: record[name] for name in STOP}) if STOP.keys() <= record.keys() else None


def _opened(gate: Record, now: float) -> Record:
    paused = ("paused_until", "reason") if pause_in(gate, now) else ()
    kept = {name: gate[name] for name in ("token", "succeeded_at", "turns", *paused) if name in gate}
    return kept | {"at": now, "busy_until": now + SPACING_SECONDS}
