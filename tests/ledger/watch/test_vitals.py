"""How the pipe is, read from what it owes."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.delivery_desk import NOW, Desk

from booty.observability.issues.outcomes import Postponed, Refused
from booty.observability.ledger.watch.vitals import FRESH_SECONDS, Vitals, vitals_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def vitals(desk: Desk) -> Vitals:
    return desk.ledger.engine.transact(lambda shelf: vitals_in(shelf, desk.clock.now))


def test_a_pipe_that_owes_nothing_is_well(desk: Desk) -> None:
    assert vitals(desk) == Vitals()


def test_a_job_is_as_old_as_its_claim_however_often_it_is_put_off(desk: Desk) -> None:
    desk.tracker.posts = [Postponed("down")] * 5
    desk.owe(1)
    desk.clock.now += 60
    desk.owe(2)
    desk.pass_time(20)

    assert desk.tracker.verbs.count("create") > 1
    assert vitals(desk).oldest_at == NOW


def test_a_refused_job_that_is_tried_again_is_owed_from_then_on(desk: Desk) -> None:
    desk.tracker.posts = [Refused("422"), Postponed("down")]
    desk.owe(1)
    desk.pass_time(1, until=lambda: bool(desk.ledger.refused))
    desk.clock.now += 3600
    desk.ledger.inspection.retry("1:1", now=desk.clock.now)

    assert vitals(desk).oldest_at == desk.clock.now


def test_a_refusal_is_news_for_an_hour_or_until_it_is_tried_again(desk: Desk) -> None:
    desk.tracker.posts = [Refused("422"), Refused("422")]
    desk.owe(1)
    desk.pass_time(1, until=lambda: bool(desk.ledger.refused))

    assert vitals(desk).is_freshly_refused
    desk.ledger.inspection.retry("1:1", now=desk.clock.now)
    assert not vitals(desk).is_freshly_refused
    desk.pass_time(5, until=lambda: bool(desk.ledger.refused))
    assert vitals(desk).is_freshly_refused
    desk.clock.now += FRESH_SECONDS
    assert not vitals(desk).is_freshly_refused


@pytest.mark.parametrize("value", [1, "x", None, {"a": 1}])
def test_an_age_that_an_older_release_did_not_write_is_none(desk: Desk, value: object) -> None:
    desk.ledger.engine.transact(lambda shelf: shelf.update({"due/001800000000000/1:1": value, "refused_at": "x"}))

    assert vitals(desk).oldest_at is None
