"""The one issue about the pipe itself: which it is, what it says, whether a post of it is in doubt.

Every write to GitHub goes through the gate that all deliveries go through, and only during the round that was begun.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import shaped
from booty.observability.ledger.schedule import gate
from booty.observability.ledger.schedule.gates import Gates
from booty.observability.ledger.schedule.jobs import Pause
from booty.observability.ledger.watch import rounds
from booty.observability.ledger.watch.shapes import PIPE, WATCH

KEY = "pipe"
LATEST_SECONDS = rounds.LEASE_SECONDS - 30.0
"""How late in a round a write may begin: with the call itself it is over before another worker begins one."""


@dataclass(frozen=True, slots=True)
class Pipe:
    """What is known of the issue.

    `shown` marks what it says, `told` are the troubles in it; with none it is being closed. `is_dismissed`: a person
    closed it. `is_missing`: it was not there when it was read last. `attempted_at` is when the post began whose outcome
    is unknown (unix seconds), `looks` how often its issue was looked for in vain.
    """

    issue: int | None = None
    shown: str = ""
    told: tuple[str, ...] = ()
    is_open: bool = False
    is_dismissed: bool = False
    is_missing: bool = False
    attempted_at: float | None = None
    looks: int = 0


class PipeBook:
    """The record of that issue behind one engine; times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, engine: Engine, *, token: str) -> None:
        """Use `engine`; `token` marks the token that GitHub is called with."""
        self._engine = engine
        self._gates = Gates(token=token)

    def read(self) -> Pipe:
        """Return what is known."""
        return self._engine.transact(_pipe_in)

    def note(self, pipe: Pipe) -> None:
        """Remember `pipe`."""
        self._engine.transact(lambda shelf: shelf.update({KEY: asdict(pipe)}))

    def begin_write(self, holder: str, pipe: Pipe, *, now: float) -> bool:
        """Take the gate, and remember `pipe`; False, with nothing done, when it is not `holder`'s turn to write."""

        def work(shelf: Shelf) -> bool:
            watch, state = shaped(shelf.get(rounds.KEY), WATCH), gate.gate_in(shelf, self._gates)
            is_ours = watch.get("holder") == holder and 0 <= now - watch.get("began_at", 0.0) < LATEST_SECONDS
            if not is_ours or gate.closed_until(shelf, self._gates, now) is not None:
                return False
            gate.hold(shelf, self._gates, state, holder, now)
            shelf[KEY] = asdict(pipe)
            return True

        return self._engine.transact(work)

    def end_write(self, holder: str, pipe: Pipe, *, now: float, pause: Pause | None = None) -> None:
        """Let the next write begin, and remember `pipe`; `pause`: the call failed, and for how long to rest."""

        def work(shelf: Shelf) -> None:
            gate.open_gate(shelf, self._gates, holder, now, pause=pause, is_proof=False)
            shelf[KEY] = asdict(pipe)

        self._engine.transact(work)


def _pipe_in(shelf: Shelf) -> Pipe:
    record = shaped(shelf.get(KEY), PIPE)
    known = {name: record[name] for name in Pipe.__slots__ if name in record}
    return Pipe(**known | {"told": tuple(map(str, known.get("told", ())))})
