"""The turn to write to a digest's issue: it takes the gate as a job does, once a minute at most.

Every function works on the shelf of one transaction.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from booty.observability.alerts.storm.digest import Digest
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.gate import (
    LONGEST_WAIT_SECONDS,
    closed_until,
    gate_in,
    hold,
    is_ahead,
    open_gate,
    stop_in,
)
from booty.observability.ledger.schedule.gates import Gates, GatesOf
from booty.observability.ledger.schedule.jobs import Attempt, Pause
from booty.observability.ledger.storm import rows
from booty.observability.ledger.storm.state import KEY, PERIOD_SECONDS, is_quiet, state_in


@dataclass(frozen=True, slots=True)
class DigestTurn:
    """A turn to show `digest` in `issue`, None for a new one; `attempt` is the post of it whose outcome is unknown.

    `shown` marks what the issue says. `is_missing`: it was not there the last time. `failures` is as with a job.
    """

    key: str
    lease: str
    gates: Gates
    repository: str | None
    digest: Digest
    issue: int | None
    attempt: Attempt | None
    shown: str
    is_missing: bool
    failures: int


def take_turn(
    shelf: Shelf, now: float, limit: StormLimit | None, *, gates_of: GatesOf, home: Home
) -> DigestTurn | float | None:
    """Take the turn of a digest that is due, or return when the next one is (unix seconds), None for never."""
    next_at = []
    for key in list(shelf.under(KEY)):
        state = state_in(shelf, key)
        if "digest" not in state:
            continue
        rows.sweep(shelf, key, state["digest"], is_over=state.get("is_over", False))
        if "next_at" not in state:
            continue
        repository = home.repository(shelf, key)
        gates = gates_of(repository)
        gate = gate_in(shelf, gates)
        if stop_in(gate) is not None or (gate and closed_until(shelf, gates, now) is not None):
            continue
        if not is_ahead(state["next_at"], now, within=LONGEST_WAIT_SECONDS):
            return _turn(shelf, key, state, limit, gates=gates, repository=repository, now=now)
        next_at.append(state["next_at"])
    return min(next_at, default=None)


def _turn(  # noqa: PLR0913 - all that is known of it
    shelf: Shelf, key: str, state: Record, limit: StormLimit | None, *, gates: Gates, repository: str | None, now: float
) -> DigestTurn:
    gate = gate_in(shelf, gates)
    name, lease = state["digest"], uuid.uuid4().hex
    is_over = limit is None or is_quiet(state, limit, now)
    shown = rows.first_rows(shelf, key, name)
    most, seconds = (limit.most, limit.seconds) if limit else (0, 0.0)
    digest = Digest(name, shown, state.get("total", 0), most, seconds, is_over)
    attempt = Attempt(state["attempted_at"], state.get("looks", 0)) if "attempted_at" in state else None
    begun = {} if "issue" in state or attempt else {"attempted_at": now, "looks": 0}
    shelf[key] = state | begun | {"lease": lease}
    hold(shelf, gates, gate, lease, now)
    return DigestTurn(
        key, lease, gates, repository, digest, state.get("issue"), attempt, state.get("shown", ""),
        state.get("is_missing", False), gate.get("failures", 0),
    )  # fmt: skip


def end_turn(  # noqa: PLR0913 - how it ended, by names
    shelf: Shelf, turn: DigestTurn, learned: Record, *, next_at: float | None, now: float, pause: Pause | None = None
) -> None:
    """Note what was `learned`, where None takes a field out, when to write next; let the next job begin."""
    open_gate(shelf, turn.gates, turn.lease, now, pause=pause, is_proof=False)
    state = state_in(shelf, turn.key)
    if state.get("lease") != turn.lease or state.get("digest") != turn.digest.name:
        return
    is_over = turn.digest.is_over and "shown" in learned and turn.digest.total == state.get("total")
    if next_at is None:
        next_at = None if is_over else now + PERIOD_SECONDS
    shown_at = {"shown_at": now} if "shown" in learned else {}
    state |= learned | shown_at | {"next_at": next_at, "lease": None, "is_over": is_over}
    shelf[turn.key] = {name: value for name, value in state.items() if value is not None}


def give_back(shelf: Shelf, taken: DigestTurn | float | None, *, now: float) -> None:
    """Give back a turn that was taken by whoever never learned of it, if it is still theirs."""
    if isinstance(taken, DigestTurn):
        is_begun = taken.issue is not None or taken.attempt is not None
        end_turn(shelf, taken, {} if is_begun else {"attempted_at": None, "looks": None}, next_at=now, now=now)
