"""Machines that share a ledger while their clocks are minutes apart: all is filed, nothing twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.delivery_desk import HOUR, LOST, NEVER, Desk

from booty.observability.delivery.courier import Courier
from booty.observability.ledger.engines.postgres.connection.opening import MOST_SECONDS_APART
from booty.observability.ledger.schedule.gate import LONGEST_WAIT_SECONDS

FURTHEST = 2 * MOST_SECONDS_APART
POSTS = (0.3, 1.0, 5.0, 19.0)
"""Seconds that a post may take, while the others go on."""
PAUSES = (0.05, 0.5, 1.0, 5.0)


class Machines:
    """Two couriers on each machine, which take turns by chance; each machine's clock is ahead by its own seconds."""

    def __init__(self, desk: Desk, ahead: tuple[float, ...], seed: int) -> None:
        self.desk, self.ahead, self.chance = desk, ahead, random.Random(seed)  # noqa: S311 - no secret
        self.couriers = [self._courier(seconds) for seconds in ahead * 2]
        self.busy: list[Courier] = []
        desk.tracker.during_post = self._go_on
        desk.tracker.lag_seconds = self.chance.choice((0.0, 5.0, 25.0))
        desk.tracker.posts = self.chance.choices((None, LOST, NEVER), k=6)

    def _courier(self, seconds: float) -> Courier:
        return self.desk.another_courier(clock=lambda: self.desk.clock.now + seconds)

    def owe(self, number: int) -> None:
        """Have an alert claimed by one of the machines, at its own time."""
        now, self.desk.clock.now = self.desk.clock.now, self.desk.clock.now + self.chance.choice(self.ahead)
        self.desk.owe(number)
        self.desk.clock.now = now

    def step(self) -> None:
        """Let one that is not in the middle of a call do what is due."""
        courier = self.chance.choice([each for each in self.couriers if each not in self.busy])
        self.busy.append(courier)
        courier.step()
        self.busy.remove(courier)
        self.desk.clock.now += self.chance.choice(PAUSES)

    def _go_on(self) -> None:
        ends_at = self.desk.clock.now + self.chance.choice(POSTS)
        while self.desk.clock.now < ends_at and len(self.busy) < len(self.couriers):
            self.step()
        self.desk.clock.now = max(self.desk.clock.now, ends_at)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("ahead", [(0.0, 20.0), (0.0, 90.0), (-FURTHEST / 2, FURTHEST / 2), (-120.0, 0.0, 120.0)])
def test_everything_is_filed_once_and_soon(tmp_path: Path, ahead: tuple[float, ...], seed: int) -> None:
    desk = Desk(tmp_path)
    machines = Machines(desk, ahead, seed)
    for number in range(1, 4):
        machines.owe(number)

    ends_at = desk.clock.now + HOUR / 2
    while desk.ledger.owed and desk.clock.now < ends_at:
        machines.step()

    assert sorted(desk.tracker.events) == ["e1", "e2", "e3"]
    assert desk.ledger.owed == 0


def test_no_two_machines_that_are_let_in_take_each_others_leases_for_mistakes_of_a_clock() -> None:
    assert FURTHEST + 30.0 < LONGEST_WAIT_SECONDS
