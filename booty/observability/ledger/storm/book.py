"""The door to the digests of storms: the turns to write to their issues."""

from __future__ import annotations

from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.ledger.engines.engine import LAST, Engine
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.repositories.home import UNNAMED, Home
from booty.observability.ledger.schedule.gates import ONE_TOKEN, GatesOf
from booty.observability.ledger.schedule.jobs import Pause
from booty.observability.ledger.schedule.reports import Reports
from booty.observability.ledger.storm.state import KEY
from booty.observability.ledger.storm.turns import DigestTurn, end_turn, give_back, take_turn


class StormBook:
    """What is known of storms beyond `limit`, behind one engine; times are unix seconds.

    Without a limit no storm begins, but what an earlier one put into a digest is told.
    """

    def __init__(
        self, engine: Engine, limit: StormLimit | None, *, gates_of: GatesOf = ONE_TOKEN, home: Home = UNNAMED
    ) -> None:
        """Use `engine`; the rest is as with `Queue`."""
        self._reports = Reports(engine)
        self._gates_of = gates_of
        self._home = home
        self.limit = limit

    def take_turn(self, *, now: float) -> DigestTurn | float | None:
        """Take the turn of a digest that is due, or return when the next one is, None for never. Raises `NotStored`."""
        return self._reports.take(
            lambda shelf: take_turn(shelf, now, self.limit, gates_of=self._gates_of, home=self._home),
            give_back=lambda shelf, taken: give_back(shelf, taken, now=now),
            ahead=((KEY,), ((KEY, "", LAST),)),
        )

    def end_turn(
        self, turn: DigestTurn, learned: Record, *, next_at: float | None, now: float, pause: Pause | None = None
    ) -> None:
        """End the turn with what was `learned` of the issue; it is written to again at `next_at`, None: as it needs."""
        self._reports.tell(lambda shelf: end_turn(shelf, turn, learned, next_at=next_at, now=now, pause=pause))
